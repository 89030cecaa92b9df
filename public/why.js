/** Why a line has its label: the rule with the part that it matched, or the likeliest labels and what speaks for them. */
import { el, fill } from './dom.js';
import { labelMark } from './labels.js';
import { markedText, templateText } from './message-text.js';
import { ask, isMissing } from './server.js';
import { change, now } from './state.js';
import { confidence, percent } from './words.js';

const MAX_TERMS = 6;

/** Returns a section that explains the first line of a kind; it stays hidden if the server cannot explain. */
export function why(kind, signal) {
  const section = el('section', { class: 'why', hidden: true });
  if (now().canExplain !== false) void load(section, kind, signal);
  return section;
}

async function load(section, kind, signal) {
  try {
    const json = { source: kind.source, log_message: kind.example };
    const explained = await ask('/explain', { method: 'POST', json, signal });
    change({ canExplain: true });
    section.hidden = false;
    fill(
      section,
      el('h3', {}, `Why ${kind.target_label}?`),
      changed(kind, explained),
      byRule(explained, kind.example),
      byLlm(explained),
      byEmbedding(explained),
    );
  } catch (problem) {
    if (problem.name === 'AbortError') return;
    if (isMissing(problem)) return change({ canExplain: false });
    section.hidden = false;
    fill(section, el('p', { class: 'hint' }, `${problem.title}. ${problem.detail}`));
  }
}

/** Rules, head or corrections may have changed since the job. */
function changed(kind, { target_label: label, tier }) {
  if (label === null || (label === kind.target_label && tier === kind.tier)) return undefined;
  return el(
    'p',
    { class: 'hint' },
    'Now such a line gets ',
    labelMark(label),
    tier === 'corrected' ? ', because it was corrected.' : '.',
  );
}

function byRule({ matched_rule: rule, wrapped_message: wrapped }, message) {
  if (!rule) return undefined;
  const text = rule.matched_in === 'wrapped-message' ? (wrapped ?? message) : message;
  return [
    el('p', {}, 'The rule ', el('code', {}, rule.id), ' matches the marked part:'),
    el(
      'p',
      { class: 'scroll-text', tabindex: 0, role: 'group', 'aria-label': 'The message' },
      markedText(text, rule.start, rule.end),
    ),
    el('details', {}, el('summary', {}, 'Pattern'), el('code', { class: 'pattern' }, rule.pattern)),
  ];
}

const LLM_STATES = {
  answered: 'The LLM labelled it.',
  'not-asked': 'Lines of this source go to the LLM. It has not been asked about this one.',
  paused: 'Lines of this source go to the LLM. It has failed too often and is not asked for a while.',
  'no-key':
    'Lines of this source would go to the LLM, but the server has no key. Set GROQ_API_KEY where it runs.',
};

function byLlm({ llm }) {
  if (!llm) return undefined;
  return [
    el('p', {}, LLM_STATES[llm.state] ?? ''),
    el('details', {}, el('summary', {}, 'What is sent'), el('p', { class: 'log pattern' }, llm.message)),
  ];
}

function byEmbedding({ embedding }) {
  if (!embedding) return undefined;
  const { labels, threshold, known_share: known } = embedding;
  return [
    el(
      'ul',
      { class: 'likeliest' },
      labels.map((one) => likely(one)),
    ),
    el(
      'p',
      { class: 'hint' },
      `Below ${confidence(threshold)} a line stays Unclassified. The head knows ${percent(known)} of its words. It reads: `,
      templateText(embedding.template),
    ),
  ];
}

function likely({ label, confidence: sure, contributions }) {
  const { embedding, terms } = contributions;
  const all = [{ term: 'meaning of the sentence', contribution: embedding }, ...terms];
  const largest = all.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)).slice(0, MAX_TERMS);
  return el(
    'li',
    {},
    labelMark(label),
    el('span', { class: 'figure' }, confidence(sure)),
    el(
      'span',
      { class: 'terms' },
      largest.map(({ term, contribution }) =>
        el('span', { class: contribution < 0 ? 'term against' : 'term' }, term, ' ', signed(contribution)),
      ),
    ),
  );
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}
