/** The filters of a result: what they mean for each call, and how they stand in the address. */
import { change, NO_FILTERS, now } from './state.js';
import { queryOf } from './server.js';

const LISTS = ['label', 'source', 'tier', 'note', 'own_label'];
const VALUES = ['min_confidence', 'max_confidence', 'since', 'until'];
/** Kinds of line have no time and no label of the input. With these filters, lines are shown. */
const OF_LINES = ['own_label', 'since', 'until'];

const isSet = (value) => value !== null && value !== '' && value.length !== 0;

/** Whether the filters can only be asked of lines. */
export function areOfLines(filters) {
  return OF_LINES.some((name) => isSet(filters[name]));
}

/** Whether anything is filtered. */
export function isFiltered(filters) {
  return [...LISTS, ...VALUES].some((name) => isSet(filters[name]));
}

/** Returns the query of GET /templates, /rows or /result. */
export function filterQuery(filters, extras = {}) {
  const chosen = Object.fromEntries([...LISTS, ...VALUES].map((name) => [name, filters[name]]));
  return queryOf({ ...chosen, ...extras });
}

/** Replaces filters. */
export function setFilters(fields) {
  change({ filters: { ...now().filters, ...fields } });
}

/** Adds a value to a filter, or removes it. */
export function toggle(name, value) {
  const chosen = now().filters[name];
  setFilters({ [name]: chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value] });
}

/** Removes all filters; the search and the order stay. */
export function clearFilters() {
  const { q, sort } = now().filters;
  change({ filters: { ...NO_FILTERS, q, sort } });
}

/** Returns the address of the job with its filters. */
export function addressOf(jobId, filters) {
  const parts = queryOf({ ...filters, sort: filters.sort === 'rows' ? '' : filters.sort }).slice(1);
  return `#job=${jobId}${parts === '' ? '' : `&${parts}`}`;
}

/** Returns the filters in an address. */
export function filtersIn(address) {
  const query = new URLSearchParams(address.slice(1));
  const found = { ...NO_FILTERS };
  for (const name of LISTS) found[name] = query.getAll(name);
  for (const name of VALUES) found[name] = query.get(name);
  return { ...found, q: query.get('q') ?? '', sort: query.get('sort') ?? 'rows' };
}
