/**
 * The one store of the page's state. Parts of the page read it with now(), replace fields with change(), and are shown
 * again through watch().
 */

/** No filter: all lines of a job, the kinds with the most lines first. */
export const NO_FILTERS = Object.freeze({
  label: [],
  source: [],
  tier: [],
  note: [],
  own_label: [],
  min_confidence: null,
  max_confidence: null,
  since: null,
  until: null,
  q: '',
  sort: 'rows',
});

/** How a file is read if nothing was chosen. */
export const NO_CHOICES = Object.freeze({
  input_format: '',
  encoding: '',
  message_column: '',
  source_column: '',
  sheet: '',
  on_error: '',
});

const state = {
  /** What the page shows: empty, chosen, running, done, stopped, jobs or corrections. */
  view: 'empty',
  /** The file that was chosen in this tab. It is kept until another one is chosen. */
  file: null,
  /** How the file is to be read. */
  choices: NO_CHOICES,
  /** The answer of POST /inspect, and the problem instead of one. */
  inspection: null,
  inspectionProblem: null,
  /** Bytes of the upload: { sent, total }. */
  upload: null,
  /** The job as the server last told it, and whether its events arrive. */
  job: null,
  isConnected: true,
  /** The answer of GET /jobs/{id}/summary. */
  summary: null,
  filters: NO_FILTERS,
  /** Why nothing goes on. */
  problem: null,
  /** Label catalogue of GET /labels. */
  catalogue: [],
  /** The answer of GET /page.json; null while unknown. */
  server: null,
  /** What this server can do; null while unknown. */
  canExplain: null,
  canCorrect: null,
  corrections: [],
};

const watchers = new Set();

/** Returns the state. Only change() may replace its fields. */
export function now() {
  return state;
}

/** Replaces fields of the state and shows what depends on them. */
export function change(fields) {
  const changed = Object.keys(fields).filter((name) => state[name] !== fields[name]);
  Object.assign(state, fields);
  for (const watcher of [...watchers]) {
    // A watcher that ran before may have ended this one.
    if (watchers.has(watcher) && watcher.names.some((name) => changed.includes(name))) watcher.show(state);
  }
}

/** Calls show now and after each change of one of the fields, until the signal aborts. */
export function watch(names, show, signal) {
  const watcher = { names, show };
  watchers.add(watcher);
  signal?.addEventListener('abort', () => watchers.delete(watcher));
  show(state);
}
