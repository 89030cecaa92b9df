/** Lines that are typed or pasted are labelled as one types. */
import { debounce, el, fill } from './dom.js';
import { choose, start } from './job-flow.js';
import { labelMark } from './labels.js';
import { ask } from './server.js';
import { confidence, counted } from './words.js';

const WAIT_MS = 250;

/** More lines are labelled as a file. */
const MAX_LINES = 50;

/** Makes the box of index.html label its lines. */
export function prepareTypedLines() {
  const box = document.getElementById('typed');
  const output = document.getElementById('typed-labels');
  let request = new AbortController();

  const label = async () => {
    request.abort();
    request = new AbortController();
    const lines = linesOf(box.value);
    if (lines.length === 0) return fill(output);
    const shown = lines.slice(0, MAX_LINES);
    try {
      const json = { logs: shown.map((line) => ({ source: '', log_message: line })) };
      const { results } = await ask('/classify', { method: 'POST', json, signal: request.signal });
      fill(output, list(shown, results), asFile(lines, shown.length));
    } catch (problem) {
      if (problem.name !== 'AbortError')
        fill(output, el('p', { class: 'warning', role: 'alert' }, `${problem.title}. ${problem.detail}`));
    }
  };
  box.addEventListener(
    'input',
    debounce(() => void label(), WAIT_MS),
  );
}

function linesOf(text) {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function list(lines, results) {
  return el(
    'ul',
    { class: 'typed-labels', 'aria-label': 'Labels of these lines', 'aria-live': 'polite' },
    lines.map((line, i) =>
      el(
        'li',
        {},
        labelMark(results[i].target_label),
        el('span', { class: 'figure' }, confidence(results[i].confidence)),
        el('span', { class: 'log', title: line }, line),
      ),
    ),
  );
}

/** Offers to label all lines as a file, with kinds, charts and downloads. */
function asFile(lines, shown) {
  const rest =
    lines.length > shown ? `The first ${shown} of ${counted(lines.length, 'line')} are shown. ` : '';
  const onClick = () => {
    choose(new File([`${lines.join('\n')}\n`], 'pasted.log', { type: 'text/plain' }));
    void start();
  };
  return el(
    'p',
    { class: 'hint' },
    rest,
    el('button', { type: 'button', class: 'link', on: { click: onClick } }, 'Open them as a log'),
  );
}
