/** Nothing goes on: the upload or the job failed, or was cancelled. The file is kept. */
import { el } from './dom.js';
import { problemPanel } from './problem-panel.js';
import { now } from './state.js';

/** Shows why, and the ways out. */
export function showStopped(root) {
  const { job, file, problem } = now();
  root.append(
    el('h1', { tabindex: -1, class: 'file-name' }, job?.file_name ?? file?.name ?? 'Log classifier'),
    problemPanel(problem, { ways: true }),
  );
}
