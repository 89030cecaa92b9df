/** The table of single lines, in the order of the file. */
import { el } from './dom.js';
import { labelMark } from './labels.js';
import { confidence, logTime, number } from './words.js';

/** Returns an empty table and a function that appends a page of the server. */
export function linesTable({ isShort = false } = {}) {
  const body = el('tbody');
  const head = (text, kind) => el('th', { scope: 'col', class: kind }, text);
  const columns = [
    head('Line', 'figure'),
    !isShort && head('Label'),
    !isShort && head('Sure', 'figure'),
    head('Time', 'time'),
    head('Message'),
    head('Source'),
  ];
  const table = el('table', { class: 'lines' }, el('thead', {}, el('tr', {}, columns)), body);
  const element = el(
    'div',
    {
      class: 'scroll',
      role: 'region',
      'aria-label': isShort ? 'Lines of this kind' : 'The lines',
      tabindex: 0,
    },
    table,
  );
  return { element, append: ({ rows }) => body.append(...rows.map((row) => lineRow(row, isShort))) };
}

function lineRow(
  {
    line,
    target_label: label,
    own_label: ownLabel,
    confidence: sure,
    tier,
    time,
    log_message: message,
    message_cut: isCut,
    source,
  },
  isShort,
) {
  const differs = ownLabel !== null && ownLabel !== label;
  return el(
    'tr',
    {},
    el('td', { class: 'figure' }, number(line)),
    !isShort &&
      el('td', {}, labelMark(label), differs && el('span', { class: 'soft' }, ` in the file: ${ownLabel}`)),
    !isShort && el('td', { class: 'figure' }, tier === 'rule' ? 'rule' : confidence(sure)),
    el('td', { class: 'time' }, time === null ? '' : logTime(time)),
    el('td', { class: 'log' }, isCut ? `${message}…` : message),
    el('td', {}, source),
  );
}
