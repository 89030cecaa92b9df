/** Asks how a file will be read. */
import { ask, Problem, queryOf } from './server.js';
import { change, now } from './state.js';

const START_BYTES = 64 * 1024;
/** A Zstandard file has blocks of up to 128 kB. */
const ZSTD_START_BYTES = 512 * 1024;
/** Workbooks and zip archives have their directory at the end. Up to this size they are sent twice. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;

let request = new AbortController();

/** Puts the answer of POST /inspect for the chosen file into the state. */
export async function inspect(leave) {
  request.abort();
  request = new AbortController();
  const { file, choices } = now();
  const start = startOf(file);
  if (start === undefined) return change({ inspection: { isAfterUpload: true }, inspectionProblem: null });
  const form = new FormData();
  form.append('file', start, file.name);
  // What cannot be read is listed, whatever is to happen with it.
  const reading = { ...choices, on_error: '' };
  try {
    const signal = AbortSignal.any([request.signal, leave]);
    const inspection = await ask(`/inspect${queryOf(reading)}`, { method: 'POST', body: form, signal });
    // A column that was found by its content must be named: labelling does not guess.
    if (inspection.message?.guessed && choices.message_column === '')
      change({
        choices: { ...choices, message_column: String(inspection.message.column ?? inspection.message.name) },
      });
    else change({ inspection, inspectionProblem: null });
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (!(error instanceof Problem)) throw error;
    // The columns that the problem names can still be chosen.
    change({
      inspection: { columns: error.columns ?? now().inspection?.columns ?? [] },
      inspectionProblem: error,
    });
  }
}

function startOf(file) {
  if (/\.(xlsx|zip)$/i.test(file.name)) return file.size <= MAX_WHOLE_BYTES ? file : undefined;
  return file.slice(0, /\.zst$/i.test(file.name) ? ZSTD_START_BYTES : START_BYTES);
}
