/** Follows a job by its events. The browser connects again by itself; the page says meanwhile that the server is gone. */
import { ask } from './server.js';
import { change } from './state.js';

/** If the browser gives up, the page asks this often. */
const RETRY_MS = 2000;

let source;
let timer;

/** Calls onEnd with the job when it has ended. */
export function follow(id, onEnd) {
  stopFollowing();
  const own = new EventSource(`/jobs/${id}/events`);
  source = own;
  own.addEventListener('job', ({ data }) => {
    const job = JSON.parse(data);
    change({ isConnected: true });
    if (job.state === 'queued' || job.state === 'running') {
      change({ job });
      return;
    }
    stopFollowing();
    onEnd(job);
  });
  own.addEventListener('open', () => change({ isConnected: true }));
  own.addEventListener('error', () => {
    change({ isConnected: false });
    // The browser has given up, for instance because the answer was no stream of events.
    if (own.readyState === EventSource.CLOSED) askLater(id, onEnd);
  });
}

/** Stops listening. */
export function stopFollowing() {
  clearTimeout(timer);
  source?.close();
  source = undefined;
}

function askLater(id, onEnd) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    try {
      const job = await ask(`/jobs/${id}`);
      change({ isConnected: true });
      if (job.state === 'queued' || job.state === 'running') follow(id, onEnd);
      else onEnd(job);
    } catch (problem) {
      if (problem.code === 'job_unknown') onEnd({ id, state: 'failed', problem, labels: {}, rows: 0 });
      else askLater(id, onEnd);
    }
  }, RETRY_MS);
}
