/** Text of logs: templates with their variable parts marked, and messages with a part marked. */
import { el } from './dom.js';

/** Variable parts are written as <num>, <ip> and so on. */
const VARIABLE = /<[a-z]{2,8}>/g;

/** Returns a template whose variable parts are marked. */
export function templateText(template) {
  const parts = [];
  let end = 0;
  for (const { 0: found, index } of template.matchAll(VARIABLE)) {
    parts.push(template.slice(end, index), el('span', { class: 'variable' }, `‹${found.slice(1, -1)}›`));
    end = index + found.length;
  }
  return el('span', { class: 'log' }, parts, template.slice(end));
}

/** Returns a message of which one part is marked. */
export function markedText(message, start, end) {
  return el(
    'span',
    { class: 'log' },
    message.slice(0, start),
    el('mark', {}, message.slice(start, end)),
    message.slice(end),
  );
}
