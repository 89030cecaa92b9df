/** Labels: their order, their colours and how they are shown. A colour always stands beside the name. */
import { el } from './dom.js';
import { now } from './state.js';

/** What needs attention comes first. */
const ORDER = [
  'Critical Error',
  'Security Alert',
  'Error',
  'Workflow Error',
  'Deprecation Warning',
  'Resource Usage',
  'HTTP Status',
  'User Action',
  'System Notification',
];

/** The label of a line that has no other. */
export const UNCLASSIFIED = 'Unclassified';

/** Colours for labels of a head of one's own, by order of name. */
const OWN_COLOURS = 12;

/** Returns labels in the order in which they are always shown. */
export function inOrder(labels) {
  const rank = (label) => {
    if (label === UNCLASSIFIED) return ORDER.length + 1;
    const index = ORDER.indexOf(label);
    return index < 0 ? ORDER.length : index;
  };
  return [...labels].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** Returns the labels that lines can get, in order; Unclassified is the last. */
export function allLabels() {
  return inOrder(new Set([...now().catalogue.map(({ name }) => name), UNCLASSIFIED]));
}

/** Returns the name of the colour of a label, for style.css. */
export function colourOf(label) {
  if (ORDER.includes(label) || label === UNCLASSIFIED) return label.toLowerCase().replaceAll(' ', '-');
  const own = now()
    .catalogue.map(({ name }) => name)
    .filter((name) => !ORDER.includes(name) && name !== UNCLASSIFIED)
    .sort();
  const index = own.indexOf(label);
  return `own-${(index < 0 ? hashOf(label) : index) % OWN_COLOURS}`;
}

/** Returns a label with its colour. */
export function labelMark(label) {
  return el(
    'span',
    { class: 'label', 'data-colour': colourOf(label) },
    el('span', { class: 'swatch' }),
    label,
  );
}

/** A label that the catalogue no longer has keeps one colour. */
function hashOf(text) {
  return [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 9973, 7);
}
