/** The title of the tab: how far the job is, so that it can be seen from another tab. */
import { watch } from './state.js';
import { percent } from './words.js';

/** Keeps the title of the tab. */
export function showTitle() {
  watch(['view', 'job', 'upload'], (state) => {
    document.title = [...about(state), 'Log classifier'].join(' · ');
  });
}

function about({ view, job, upload, file }) {
  const name = job?.file_name ?? file?.name ?? 'lines';
  if (view === 'running') return [percent(progressOf({ job, upload })), name];
  if (view === 'done') return ['Done', name];
  if (view === 'stopped') return ['Stopped', name];
  if (view === 'chosen') return [name];
  if (view === 'jobs') return ['Jobs'];
  return view === 'corrections' ? ['Corrections'] : [];
}

/** Returns how much is done, from 0 to 1: bytes sent, then bytes read by the job. */
export function progressOf({ job, upload }) {
  if (upload) return upload.total === 0 ? 0 : upload.sent / upload.total;
  if (!job || job.bytes === 0) return 0;
  return Math.min(1, job.bytes_read / job.bytes);
}
