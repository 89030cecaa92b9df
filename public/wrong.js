/** Is a label wrong? One click or one key gives the opened kind another. */
import { announce, button, el, fill } from './dom.js';
import { activeCorrection, correct, undo } from './corrections.js';
import { retry } from './job-flow.js';
import { allLabels, labelMark, UNCLASSIFIED } from './labels.js';
import { problemPanel } from './problem-panel.js';
import { Problem } from './server.js';
import { watch } from './state.js';

/** Returns a section with a button for each label; it stays hidden if the server takes no corrections. */
export function wrong(kind, signal) {
  const section = el('section', { class: 'wrong', hidden: true });
  let ofSource = false;
  const failure = el('div');
  const place = el('div');
  section.append(place, failure);
  watch(['corrections', 'canCorrect', 'catalogue'], show, signal);
  document.addEventListener('keydown', onKey, { signal });
  return section;

  function show({ canCorrect }) {
    section.hidden = canCorrect !== true;
    const correction = activeCorrection(kind);
    const current = correction?.label ?? kind.target_label;
    const hadFocus = place.contains(document.activeElement);
    fill(
      place,
      el('h3', {}, 'Wrong?'),
      el(
        'div',
        { class: 'label-buttons', role: 'group', 'aria-label': 'The right label' },
        keyed().map(({ key, label }) => labelButton(key, label, label === current)),
      ),
      kind.source !== '' && sourceBox(),
      correction && [
        el(
          'p',
          {},
          'Corrected. From now on such lines get ',
          labelMark(correction.label),
          correction.source ? ` if they come from ${correction.source}.` : '.',
        ),
        button('Undo', () => void act(() => undo(correction.id), 'The correction was taken back.'), {
          class: 'link',
        }),
        el(
          'p',
          { class: 'hint' },
          'This result still has the old label. ',
          button('Label the file again', () => void retry(), { class: 'link' }),
        ),
      ],
    );
    if (hadFocus) place.querySelector('[aria-pressed="true"]')?.focus();
  }

  function labelButton(key, label, isCurrent) {
    return el(
      'button',
      {
        type: 'button',
        class: 'label-button',
        'aria-pressed': isCurrent,
        'aria-keyshortcuts': key,
        on: { click: () => give(label) },
      },
      key !== undefined && el('kbd', {}, key),
      labelMark(label),
    );
  }

  function sourceBox() {
    const box = el('input', {
      type: 'checkbox',
      checked: ofSource,
      on: { change: () => (ofSource = box.checked) },
    });
    return el('label', { class: 'check' }, box, `Only for lines from ${kind.source}`);
  }

  function give(label) {
    void act(() => correct(kind, label, { ofSource }), `Corrected to ${label}.`);
  }

  async function act(step, done) {
    try {
      await step();
      fill(failure);
      announce(done);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      fill(failure, problemPanel(error));
    }
  }

  /** Digits count while the focus is in this kind or on its row, so that they disturb nothing else. */
  function onKey(event) {
    if (section.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input:not([type="checkbox"]), select, textarea')) return;
    if (event.target.closest('tbody') !== section.closest('tbody')) return;
    const chosen = keyed().find(({ key }) => key === event.key);
    if (chosen) give(chosen.label);
    else if (event.key === 'u' && activeCorrection(kind))
      void act(() => undo(activeCorrection(kind).id), 'The correction was taken back.');
  }
}

/** Labels with their keys: 1 to 9, and 0 for Unclassified. */
function keyed() {
  return allLabels().map((label, i) => ({
    label,
    key: label === UNCLASSIFIED ? '0' : i < 9 ? String(i + 1) : undefined,
  }));
}
