/** The table of kinds of line (templates). Each opens in place. */
import { el, fill } from './dom.js';
import { labelMark } from './labels.js';
import { templateText } from './message-text.js';
import { openedKind } from './opened-kind.js';
import { correctionOf } from './corrections.js';
import { watch } from './state.js';
import { confidence, number } from './words.js';

/** Less sure labels carry a question mark, so that they can be found by eye. */
const UNCERTAIN = 0.6;

/** Returns an empty table and a function that appends a page of the server. */
export function kindsTable(signal) {
  const element = el(
    'table',
    {
      class: 'kinds',
      role: 'table',
      'aria-labelledby': 'results-heading',
      on: { keydown: (event) => walk(event, element) },
    },
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        head('Lines', 'figure'),
        head('Label'),
        head('Sure', 'figure'),
        head('Kind of line'),
        head('Source'),
      ),
    ),
  );
  return {
    element,
    append: ({ templates }) => element.append(...templates.map((kind) => kindRows(kind, signal))),
  };
}

const head = (text, kind) => el('th', { scope: 'col', role: 'columnheader', class: kind }, text);
const cell = (kind, ...children) => el('td', { role: 'cell', class: kind }, ...children);

function kindRows(kind, signal) {
  const body = el('tbody', { role: 'rowgroup' });
  const label = cell('of-label');
  const opened = el('td', { colspan: 5, role: 'cell' });
  const openedRow = el('tr', { role: 'row', class: 'opened', hidden: true }, opened);
  let leave;
  const opener = el(
    'button',
    { type: 'button', class: 'opener', 'aria-expanded': false, on: { click: () => toggleOpen() } },
    templateText(kind.template || '(empty message)'),
  );
  const row = el(
    'tr',
    {
      role: 'row',
      class: 'kind',
      on: { click: (event) => event.target.closest('button, a') === null && toggleOpen() },
    },
    cell('figure of-rows', number(kind.rows)),
    label,
    cell('figure of-sure', sureness(kind)),
    cell('of-kind', opener),
    cell('of-source', sourceText(kind)),
  );
  body.append(row, openedRow);
  watch(['corrections'], () => fill(label, labelText(kind)), signal);
  return body;

  function toggleOpen() {
    const isOpen = opener.getAttribute('aria-expanded') === 'true';
    opener.setAttribute('aria-expanded', String(!isOpen));
    openedRow.hidden = isOpen;
    leave?.abort();
    if (isOpen) return fill(opened);
    leave = new AbortController();
    fill(opened, openedKind(kind, AbortSignal.any([leave.signal, signal])));
    opener.focus();
  }
}

/** A corrected kind shows both labels: this result still has the old one. */
function labelText(kind) {
  const corrected = correctionOf(kind);
  if (corrected === undefined || corrected === kind.target_label) return labelMark(kind.target_label);
  return [labelMark(corrected), el('s', { class: 'soft' }, kind.target_label)];
}

function sureness({ confidence: value, tier, note }) {
  const isUncertain =
    note === 'low-confidence' || note === 'unfamiliar' || (value !== null && value < UNCERTAIN);
  const by = { rule: 'rule', llm: 'LLM', corrected: 'corrected', none: '–' }[tier];
  return [
    by ?? confidence(value),
    isUncertain &&
      el('span', { class: 'uncertain', role: 'img', 'aria-label': 'uncertain', title: 'uncertain' }, ' ?'),
  ];
}

function sourceText({ source, sources }) {
  return sources > 1 ? `${source} +${number(sources - 1)}` : source;
}

/** The arrow keys go from one kind to the next. */
function walk(event, table) {
  if (!event.target.classList.contains('opener')) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const openers = [...table.querySelectorAll('.opener')];
  const next = openers[openers.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
