/** The bar above the kinds of line: search, menus, and what is filtered, each with a cross to remove it. */
import { debounce, el, fill, menu } from './dom.js';
import { clearFilters, isFiltered, setFilters, toggle } from './filters.js';
import { inOrder } from './labels.js';
import { now, watch } from './state.js';
import { confidence, logTime } from './words.js';

const SEARCH_WAIT_MS = 200;
const TIERS = [
  ['corrected', 'Corrected'],
  ['llm', 'LLM'],
  ['rule', 'Rule'],
  ['embedding', 'Embedding'],
  ['none', 'None (no message)'],
];
const ORDERS = [
  ['rows', 'Most lines first'],
  ['confidence', 'Uncertain first'],
  ['first', 'As in the file'],
];
const NAMES = { label: 'label', source: 'source', tier: 'tier', note: 'note', own_label: 'in the file' };

/** Returns the bar. */
export function filterBar(signal) {
  // The text is read now: a click on another filter meanwhile shows the old one in the box.
  const find = debounce((q) => setFilters({ q }), SEARCH_WAIT_MS);
  const search = el('input', {
    type: 'search',
    name: 'q',
    value: now().filters.q,
    'aria-label': 'Search kinds of line',
    placeholder: 'Search …',
    on: { input: () => find(search.value.trim()) },
  });
  const menus = el('div', { class: 'menus' });
  const chips = el('div', { class: 'chips' });
  watch(
    ['filters', 'summary'],
    ({ filters, summary }) => {
      if (document.activeElement !== search) search.value = filters.q;
      const focused = menus.contains(document.activeElement) ? document.activeElement.name : undefined;
      fill(menus, menusFor(filters, summary));
      if (focused !== undefined) menus.querySelector(`[name="${focused}"]`)?.focus();
      showChips(chips, filters, search);
    },
    signal,
  );
  return el('div', { class: 'filter-bar' }, search, menus, chips);
}

function menusFor(filters, summary) {
  const labels = inOrder(new Set(summary.labels.map(({ label }) => label)));
  const sources = [...new Set(summary.source_labels.map(({ source }) => source))].sort();
  const tiers = TIERS.filter(([tier]) => summary.labels.some((one) => one.tier === tier));
  const one = (text, name, options) =>
    menu(
      text,
      [['', 'Any'], ...options],
      filters[name].length === 1 ? filters[name][0] : '',
      (value) => setFilters({ [name]: value === '' ? [] : [value] }),
      { name },
    );
  return [
    one(
      'Label',
      'label',
      labels.map((label) => [label, label]),
    ),
    sources.length > 1 &&
      one(
        'Source',
        'source',
        sources.filter((source) => source !== '').map((source) => [source, source]),
      ),
    tiers.length > 1 && one('Tier', 'tier', tiers),
    menu('Order', ORDERS, filters.sort, (sort) => setFilters({ sort }), { name: 'sort' }),
  ];
}

function showChips(chips, filters, search) {
  const hadFocus = chips.contains(document.activeElement);
  const each = Object.keys(NAMES).flatMap((name) =>
    filters[name].map((value) =>
      chip(`${NAMES[name]}: ${value === '' ? '(none)' : value}`, () => toggle(name, value)),
    ),
  );
  if (filters.min_confidence !== null || filters.max_confidence !== null)
    each.push(
      chip(
        `sure: ${confidence(Number(filters.min_confidence ?? 0))} to ${confidence(Number(filters.max_confidence ?? 1))}`,
        () => setFilters({ min_confidence: null, max_confidence: null }),
      ),
    );
  if (filters.since !== null)
    each.push(
      chip(`from ${logTime(filters.since)} to ${logTime(filters.until)}`, () =>
        setFilters({ since: null, until: null }),
      ),
    );
  fill(
    chips,
    each,
    isFiltered(filters) &&
      el('button', { type: 'button', class: 'link', on: { click: clearFilters } }, 'Show all'),
  );
  if (hadFocus) (chips.querySelector('button') ?? search).focus();
}

function chip(text, remove) {
  return el(
    'button',
    { type: 'button', class: 'chip', 'aria-label': `Remove the filter ${text}`, on: { click: remove } },
    text,
    el('span', { 'aria-hidden': true }, ' ✕'),
  );
}
