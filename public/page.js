/** Starts the page: shows the view that the state names, and reads the address. */
import { announce, fill } from './dom.js';
import { showChosen } from './chosen.js';
import { showCorrections } from './correction-list.js';
import { loadCorrections } from './corrections.js';
import { showDone } from './done.js';
import { prepareEmpty } from './empty.js';
import { showJobs } from './jobs.js';
import { open, restart, stopAll } from './job-flow.js';
import { showRunning } from './running.js';
import { ask } from './server.js';
import { change, now, watch } from './state.js';
import { showStopped } from './stopped.js';
import { prepareTheme } from './theme.js';
import { showTitle } from './title.js';

const views = {
  chosen: showChosen,
  running: showRunning,
  done: showDone,
  stopped: showStopped,
  jobs: showJobs,
  corrections: showCorrections,
};

let leave = new AbortController();
let isFirst = true;

prepareTheme();
prepareEmpty();
showTitle();
watch(['view'], showView);
watch(
  ['canCorrect'],
  ({ canCorrect }) => (document.getElementById('corrections-link').hidden = canCorrect !== true),
);
window.addEventListener('popstate', readAddress);
window.addEventListener('hashchange', readAddress);
document.querySelector('.brand').addEventListener('click', (event) => {
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  restart();
});
void learn();
readAddress();

/** Shows a view and moves the focus to its heading, so that it is read out. */
function showView({ view }) {
  leave.abort();
  leave = new AbortController();
  const root = document.getElementById('view');
  fill(root);
  document.documentElement.classList.toggle('elsewhere', view !== 'empty');
  views[view]?.(root, leave.signal);
  window.scrollTo(0, 0);
  const heading = document.querySelector(view === 'empty' ? '#question' : '#view [tabindex="-1"]');
  if (!isFirst) heading?.focus({ preventScroll: true });
  if (view === 'done') announce('Done.');
  isFirst = false;
}

function readAddress() {
  const { hash } = location;
  const [, id] = /^#job=([^&]+)/.exec(hash) ?? [];
  if (id !== undefined) {
    if (now().job?.id !== id || ['jobs', 'corrections'].includes(now().view)) void open(id, hash);
  } else if (['#jobs', '#corrections'].includes(hash)) {
    stopAll();
    change({ view: hash.slice(1) });
  } else if (hash === '' && !['empty', 'chosen'].includes(now().view) && now().upload === null) {
    restart();
  }
}

/** Asks what this server has: its labels, what it can do, and which lines leave it. */
async function learn() {
  try {
    const [{ labels }, server] = await Promise.all([ask('/labels'), ask('/page.json')]);
    change({ catalogue: labels, server, canExplain: server.explain, canCorrect: server.corrections });
    if (server.corrections) await loadCorrections();
  } catch {
    // A server that does not answer is reported as soon as something is asked of it.
  }
}
