/** All corrections of the server: each can be taken back, and all can be exported to train with. */
import { button, el, fill } from './dom.js';
import { loadCorrections, undo } from './corrections.js';
import { labelMark } from './labels.js';
import { problemPanel } from './problem-panel.js';
import { watch } from './state.js';
import { moment } from './words.js';

/** Shows the list. */
export function showCorrections(root, signal) {
  const place = el('div');
  const failure = el('div');
  root.append(
    el('h1', { tabindex: -1 }, 'Corrections'),
    el(
      'p',
      { class: 'hint' },
      'Lines of these kinds get the label that a person gave them, before the LLM and the rules. They apply to everyone who uses this server.',
    ),
    failure,
    place,
  );
  watch(['corrections', 'canCorrect'], show, signal);
  void loadCorrections();

  function show({ corrections, canCorrect }) {
    if (canCorrect === false)
      return fill(place, el('p', { class: 'nothing' }, 'This server takes no corrections.'));
    if (corrections.length === 0)
      return fill(
        place,
        el(
          'p',
          { class: 'nothing' },
          'There are none. Open a kind of line in a result to give it another label.',
        ),
      );
    fill(
      place,
      el(
        'p',
        { class: 'actions' },
        el(
          'a',
          { class: 'button quiet', href: '/corrections?format=csv', download: 'corrections.csv' },
          'Export as CSV to train with',
        ),
      ),
      el(
        'div',
        { class: 'scroll', role: 'region', 'aria-label': 'Corrections', tabindex: 0 },
        table(corrections),
      ),
    );
  }

  function table(corrections) {
    const head = ['Label', 'Example', 'Source', 'When', ''].map((text) =>
      text === '' ? el('td') : el('th', { scope: 'col' }, text),
    );
    return el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, corrections.map(row)));
  }

  function row({ id, label, log_message: message, source, created, active }) {
    const remove = async () => {
      try {
        await undo(id);
        root.querySelector('h1').focus();
      } catch (problem) {
        fill(failure, problemPanel(problem));
      }
    };
    return el(
      'tr',
      {},
      el('td', {}, labelMark(label), !active && el('span', { class: 'soft' }, ' (replaced)')),
      el('td', { class: 'log text' }, message),
      el('td', {}, source ?? 'any'),
      el('td', { class: 'time' }, moment(created)),
      el(
        'td',
        {},
        button('Undo', () => void remove(), {
          class: 'link',
          'aria-label': `Undo the correction to ${label}`,
        }),
      ),
    );
  }
}
