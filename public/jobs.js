/** The jobs of this browser. */
import { announce, button, el, fill } from './dom.js';
import { problemPanel } from './problem-panel.js';
import { ask, isMissing, Problem } from './server.js';
import { bytes, moment, number } from './words.js';

const STATES = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};
/** While a job runs, the list is asked for again. */
const AGAIN_MS = 2000;

/** Shows the list. */
export function showJobs(root, signal) {
  const place = el('div');
  root.append(el('h1', { tabindex: -1 }, 'Jobs of this browser'), place);
  let timer;
  signal.addEventListener('abort', () => clearTimeout(timer));
  void load();

  async function load() {
    clearTimeout(timer);
    try {
      const { jobs } = await ask('/jobs', { signal });
      const asked = place.contains(document.activeElement) ? document.activeElement.dataset.of : undefined;
      fill(place, jobs.length === 0 ? nothing() : table(jobs));
      if (asked !== undefined) place.querySelector(`[data-of="${asked}"]`)?.focus();
      if (jobs.some(({ state }) => state === 'queued' || state === 'running'))
        timer = setTimeout(() => void load(), AGAIN_MS);
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof Problem)) throw error;
      if (isMissing(error))
        return fill(place, el('p', { class: 'nothing' }, 'This server has no jobs: JOBS is off.'));
      fill(
        place,
        problemPanel(error),
        button('Try again', () => void load()),
      );
    }
  }

  function table(jobs) {
    const columns = [['File'], ['State'], ['Lines', 'figure'], ['Size', 'figure'], ['When'], ['Kept until']];
    const head = columns.map(([text, kind]) => el('th', { scope: 'col', class: kind }, text));
    return el(
      'div',
      { class: 'scroll', role: 'region', 'aria-label': 'Jobs', tabindex: 0 },
      el(
        'table',
        { class: 'jobs' },
        el('thead', {}, el('tr', {}, head, el('td'))),
        el('tbody', {}, jobs.map(row)),
      ),
    );
  }

  function row({ id, file_name: name = 'lines', state, rows, bytes: size, created, expires, problem }) {
    return el(
      'tr',
      {},
      el('td', {}, el('a', { href: `#job=${id}`, 'data-of': `open-${id}` }, name)),
      el(
        'td',
        {},
        el('span', { class: `state ${state}` }, STATES[state]),
        problem && el('span', { class: 'soft' }, ` ${problem.title}`),
      ),
      el('td', { class: 'figure' }, number(rows)),
      el('td', { class: 'figure' }, bytes(size)),
      el('td', { class: 'time' }, moment(created)),
      el('td', { class: 'time' }, expires ? moment(expires) : ''),
      el('td', {}, deleteButton(id, name)),
    );
  }

  /** The first click asks, the second deletes. */
  function deleteButton(id, name) {
    const first = button(
      'Delete',
      () => {
        if (first.dataset.asked === undefined) {
          first.dataset.asked = '';
          first.textContent = 'Really delete?';
          first.setAttribute('aria-label', `Really delete ${name}?`);
          return;
        }
        void remove(id, name);
      },
      { 'aria-label': `Delete ${name}`, 'data-of': `delete-${id}` },
    );
    first.addEventListener('blur', () => {
      delete first.dataset.asked;
      first.textContent = 'Delete';
      first.setAttribute('aria-label', `Delete ${name}`);
    });
    return first;
  }

  async function remove(id, name) {
    try {
      await ask(`/jobs/${id}`, { method: 'DELETE' });
    } catch (error) {
      // It was deleted in another tab.
      if (error.code !== 'job_unknown') return place.prepend(problemPanel(error));
    }
    await load();
    announce(`${name} was deleted.`);
    root.querySelector('h1').focus();
  }
}

function nothing() {
  return el('p', { class: 'nothing' }, 'There are none yet. ', el('a', { href: '/' }, 'Label a file'), '.');
}
