/** Corrections: labels that people gave to kinds of line. The server keeps them and applies them from then on. */
import { ask, isMissing } from './server.js';
import { change, now } from './state.js';

/** Asks for the corrections of the server, once; a server without them has no address for them. */
export async function loadCorrections() {
  if (now().canCorrect === false) return;
  try {
    const { corrections } = await ask('/corrections');
    change({ corrections, canCorrect: true });
  } catch (problem) {
    // A server that does not answer may answer later.
    if (isMissing(problem) || problem.status === 403) change({ canCorrect: false });
  }
}

/** Returns the correction that applies to a kind of line. One for its source goes before one for all. */
export function activeCorrection({ template, source }) {
  const fitting = now().corrections.filter((one) => one.active && one.template === template);
  const ofSource = fitting.find((one) => one.source?.toLowerCase() === source.toLowerCase());
  return ofSource ?? fitting.find((one) => one.source === undefined);
}

/** Returns the label that a kind of line was corrected to, if any. */
export function correctionOf(kind) {
  return activeCorrection(kind)?.label;
}

/** Gives a kind of line another label. @throws Problem */
export async function correct(kind, label, { ofSource }) {
  const json = { log_message: kind.example, label, ...(ofSource ? { source: kind.source } : {}) };
  await ask('/corrections', { method: 'POST', json });
  await loadCorrections();
}

/** Takes a correction back. @throws Problem */
export async function undo(id) {
  await ask(`/corrections/${encodeURIComponent(id)}`, { method: 'DELETE' });
  await loadCorrections();
}
