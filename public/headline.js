/** What a result is, in one sentence, and each warning with its way out. */
import { ENCODINGS } from './choices.js';
import { button, el, menu } from './dom.js';
import { setFilters } from './filters.js';
import { restart, retry } from './job-flow.js';
import { now } from './state.js';
import { counted, moment, seconds } from './words.js';

/** Shows name, sentence and warnings. */
export function headline(container) {
  const { job, summary } = now();
  const { rows, templates, sources, seconds: took, warnings, rejected } = summary;
  const facts = [
    counted(rows, 'line'),
    counted(templates, 'kind of line', 'kinds of line'),
    sources > 1 && counted(sources, 'source'),
    seconds(took),
  ];
  container.append(
    el(
      'div',
      { class: 'title' },
      el('h1', { tabindex: -1, class: 'file-name' }, job.file_name ?? 'Labelled lines'),
      el('p', { class: 'facts' }, facts.filter(Boolean).join(' · ')),
      button('Label another file', restart),
    ),
    ...warnings.map((warning) => warningLine(warning, job, rejected)),
    job.expires ? el('p', { class: 'hint' }, `Kept until ${moment(job.expires)}.`) : '',
  );
}

function warningLine(warning, job, rejected) {
  return el(
    'div',
    { class: 'warning' },
    el('p', {}, el('span', { class: 'sign', 'aria-hidden': true }, '⚠'), sentence(warning)),
    wayOut(warning, job, rejected),
  );
}

function sentence({ code, count, value, message }) {
  if (code === 'llm-unavailable') return `${counted(count, 'line')} ${was(count)} labelled without the LLM.`;
  if (code === 'rows-skipped') return `${counted(count, 'line')} could not be read.`;
  if (code === 'blank-lines') return `${counted(count, 'blank line')} ${was(count)} skipped.`;
  if (code === 'empty-messages')
    return `${counted(count, 'line')} ${count === 1 ? 'has' : 'have'} no message.`;
  if (code === 'message-cut')
    return `${counted(count, 'long message')} ${was(count)} read in part: start and end.`;
  if (code === 'sheets-left-out')
    return `${counted(count, 'other sheet')} of the workbook ${was(count)} left out.`;
  if (code === 'target-label-overwritten')
    return `${counted(count, 'line')} already had a label. The download has the new one.`;
  if (code === 'encoding-guessed') return `The encoding was guessed: ${value}.`;
  return count > 0 ? `${message} (${counted(count, 'time')})` : message;
}

const was = (count) => (count === 1 ? 'was' : 'were');

function wayOut({ code, value }, job, rejected) {
  if (code === 'llm-unavailable')
    return [
      button('Show them', () => setFilters({ note: ['llm-unavailable'] }), { class: 'link' }),
      details(
        'What is this?',
        'The server sends lines of some sources to an LLM, because their labels need more than one sentence of knowledge. It has no key for it, or could not reach it. The rules and the embedding tier labelled the lines instead. Set GROQ_API_KEY where the server runs and start it again to ask the LLM.',
      ),
    ];
  if (code === 'rows-skipped' && rejected > 0)
    return el('a', { class: 'link', href: `/jobs/${job.id}/rejected`, download: true }, 'Download them');
  if (code === 'empty-messages')
    return button('Show them', () => setFilters({ tier: ['none'] }), { class: 'link' });
  if (code === 'sheets-left-out')
    return details(
      'How do I label another sheet?',
      'Choose the file again. Before it is labelled, a menu lists the sheets.',
    );
  if (code === 'encoding-guessed') return encodings(value);
  return undefined;
}

function encodings(value) {
  let chosen = String(value).toLowerCase();
  const options = ENCODINGS.some(([name]) => name === chosen) ? ENCODINGS : [[chosen, value], ...ENCODINGS];
  return el(
    'details',
    {},
    el('summary', {}, 'Letters look wrong?'),
    el(
      'div',
      { class: 'way' },
      menu('It is encoded as', options, chosen, (name) => (chosen = name)),
      button('Label it again', () => void retry({ encoding: chosen })),
    ),
  );
}

function details(question, answer) {
  return el('details', {}, el('summary', {}, question), el('p', {}, answer));
}
