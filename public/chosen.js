/** A file is chosen: how it will be read, and the button that labels it. */
import { button, el, fill } from './dom.js';
import { inspect } from './inspect.js';
import { restart, start } from './job-flow.js';
import { choiceMenus } from './choices.js';
import { problemPanel } from './problem-panel.js';
import { now, watch } from './state.js';
import { bytes, counted, number } from './words.js';

/** Shows the file. It is inspected again after each choice. */
export function showChosen(root, signal) {
  const { file } = now();
  const description = el('p', { class: 'hint', role: 'status' });
  const menus = el('div', { class: 'menus' });
  const sample = el('div', { class: 'sample' });
  const go = button(`Label ${bytes(file.size)}`, () => void start(), { class: 'button', id: 'go' });
  root.append(
    el('h1', { tabindex: -1, class: 'file-name' }, file.name),
    description,
    menus,
    sample,
    el('div', { class: 'actions' }, go, button('Choose another file', restart)),
  );
  watch(['choices'], () => void inspect(signal), signal);
  watch(
    ['inspection', 'inspectionProblem'],
    ({ inspection, inspectionProblem }) => {
      description.textContent = describe(inspection);
      keepFocus(menus, () => fill(menus, choiceMenus(now())));
      fill(
        sample,
        inspectionProblem && problemPanel(inspectionProblem),
        inspection?.rows && table(inspection),
        unreadable(inspection),
      );
    },
    signal,
  );
}

/** The menus are made anew; the one that was used keeps the focus. */
function keepFocus(container, replace) {
  const name = container.contains(document.activeElement) ? document.activeElement.name : undefined;
  replace();
  if (name !== undefined) container.querySelector(`[name="${name}"]`)?.focus();
}

const FORMATS = {
  csv: 'a table',
  lines: 'plain log lines',
  ndjson: 'JSON, an object per line',
  json: 'JSON',
  xlsx: 'an Excel workbook',
};

function describe(inspection) {
  if (inspection === null) return 'Looking into the file …';
  if (inspection.isAfterUpload)
    return 'This file can be looked into only after its upload. Its columns are found by their usual names.';
  if (inspection.format === undefined) return '';
  const packed = inspection.packings.length > 0 ? `, packed as ${inspection.packings.join(' in ')}` : '';
  const encoding = inspection.encoding === null ? '' : `, ${inspection.encoding}`;
  return `Read as ${FORMATS[inspection.format]}${encoding}${packed}.`;
}

function table({ rows, message, source }) {
  const hasSources = rows.some((row) => row.source !== '');
  return el(
    'div',
    { class: 'scroll', role: 'region', 'aria-label': 'The first lines', tabindex: 0 },
    el(
      'table',
      {},
      el('caption', {}, `The first ${counted(rows.length, 'line')} as they will be read`),
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          hasSources && el('th', { scope: 'col' }, `Source${named(source)}`),
          el('th', { scope: 'col' }, `Message${named(message)}`),
        ),
      ),
      el(
        'tbody',
        {},
        rows.map((row) =>
          el('tr', {}, hasSources && el('td', {}, row.source), el('td', { class: 'log' }, row.log_message)),
        ),
      ),
    ),
  );
}

const named = (field) => (field ? ` (${field.name})` : '');

function unreadable(inspection) {
  if (!inspection?.problems || inspection.problems.count === 0) return undefined;
  const { count, first } = inspection.problems;
  return el(
    'div',
    { class: 'warning' },
    el(
      'p',
      {},
      `${counted(count, 'line')} of the start cannot be read. Choose above what happens to such lines.`,
    ),
    el(
      'ul',
      {},
      first.slice(0, 3).map(({ line, detail }) => el('li', {}, `Line ${number(line)}: ${detail}`)),
    ),
  );
}
