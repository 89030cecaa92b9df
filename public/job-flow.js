/** The way of a file: upload, job, result. Each step changes the state of the page; nothing here shows anything. */
import { filtersIn } from './filters.js';
import { follow, stopFollowing } from './follow-job.js';
import { ask, Problem, queryOf } from './server.js';
import { change, NO_CHOICES, NO_FILTERS, now } from './state.js';
import { upload } from './upload.js';

let running;

/** Takes a file that was dropped, picked, pasted or typed. */
export function choose(file) {
  stopAll();
  goTo('');
  change({
    file,
    choices: NO_CHOICES,
    inspection: null,
    inspectionProblem: null,
    problem: null,
    job: null,
    view: 'chosen',
  });
}

/** Uploads the chosen file and follows its job. */
export async function start() {
  stopAll();
  const { file, choices } = now();
  running = new AbortController();
  const { signal } = running;
  change({
    view: 'running',
    job: null,
    problem: null,
    summary: null,
    filters: NO_FILTERS,
    upload: { sent: 0, total: file.size },
  });
  try {
    const job = await upload(file, queryOf(choices), {
      signal,
      onProgress: (sent, total) => change({ upload: { sent, total } }),
    });
    goTo(`#job=${job.id}`);
    change({ upload: null });
    take(job);
  } catch (error) {
    if (!signal.aborted) stopWith(error);
  }
}

/** Opens the job of an address. */
export async function open(id, address) {
  stopAll();
  change({
    problem: null,
    job: null,
    summary: null,
    upload: null,
    filters: filtersIn(address),
    view: 'running',
  });
  running = new AbortController();
  const { signal } = running;
  try {
    take(await ask(`/jobs/${encodeURIComponent(id)}`, { signal }));
  } catch (error) {
    if (!signal.aborted) stopWith(error);
  }
}

/** Stops the upload or the job. The file is kept. */
export async function cancel() {
  const { job } = now();
  if (job === null) {
    stopAll();
    change({ view: 'chosen', upload: null });
    return;
  }
  try {
    take(await ask(`/jobs/${job.id}/cancel`, { method: 'POST' }));
  } catch (error) {
    stopWith(error);
  }
}

/** Labels the input of the job again, with other parameters. Without a job, the file is sent again. */
export async function retry(parameters = {}) {
  const { job, file, choices } = now();
  if (job === null) {
    change({ choices: { ...choices, ...parameters } });
    if (file === null) stopWith(fileIsGone());
    else await start();
    return;
  }
  try {
    take(await ask(`/jobs/${job.id}/retry${queryOf(parameters)}`, { method: 'POST' }));
  } catch (error) {
    stopWith(error);
  }
}

/** Begins anew. */
export function restart() {
  stopAll();
  goTo('');
  change({ view: 'empty', file: null, job: null, problem: null, summary: null, upload: null });
}

/** Ends what goes on in this tab. A job of the server goes on. */
export function stopAll() {
  running?.abort();
  stopFollowing();
}

/** Shows a job in its state. */
async function take(job) {
  if (job.state === 'queued' || job.state === 'running') {
    change({ job, problem: null, view: 'running' });
    follow(job.id, take);
  } else if (job.state === 'done') {
    await showResult(job);
  } else {
    change({ job, problem: job.problem ? new Problem(job.problem) : cancelled(), view: 'stopped' });
  }
}

async function showResult(job) {
  change({ job });
  try {
    const summary = await ask(`/jobs/${job.id}/summary`);
    // Another job may have been opened meanwhile.
    if (now().job?.id === job.id) change({ summary, view: 'done' });
  } catch (error) {
    stopWith(error);
  }
}

function stopWith(problem) {
  if (!(problem instanceof Problem)) throw problem;
  change({ problem, view: 'stopped', upload: null });
}

function cancelled() {
  return new Problem({
    code: 'cancelled',
    title: 'Cancelled',
    detail: 'The server has kept the file, so it can be labelled again.',
  });
}

function fileIsGone() {
  return new Problem({
    code: 'file_gone',
    title: 'Choose the file again',
    detail: 'This tab no longer has the file.',
  });
}

function goTo(address) {
  if (location.hash === address) return;
  history.pushState(null, '', address === '' ? location.pathname : address);
}
