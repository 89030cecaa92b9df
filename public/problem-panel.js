/** A problem in place: what is wrong, and every way out. */
import { columnOptions, ENCODINGS } from './choices.js';
import { button, el, menu } from './dom.js';
import { choose, restart, retry, start } from './job-flow.js';
import { now } from './state.js';

/** Problems of single lines: the others can be labelled. */
const OF_LINES = ['csv_malformed', 'json_invalid', 'cell_too_large', 'encoding'];
const OF_COLUMNS = ['column_missing', 'column_duplicate'];
/** Problems that may be gone at the next attempt. */
const PASSING = [
  'gone',
  'busy',
  'not_ready',
  'upload_timeout',
  'upload_incomplete',
  'internal',
  'disk_full',
  'jobs_full',
  'idempotency_conflict',
];
const OF_SPACE = ['disk_full', 'jobs_full'];
const OF_JOBS = ['job_unknown', 'job_not_done', 'job_running'];

/** Returns a problem with its ways out. In the view of a chosen file the menus are the ways out. */
export function problemPanel(problem, { ways = false } = {}) {
  return el(
    'div',
    { class: problem.code === 'cancelled' ? 'notice' : 'problem', role: 'alert' },
    el('h2', {}, problem.title),
    el('p', {}, withoutParameters(problem.detail)),
    ways && finePart(problem),
    ways && el('div', { class: 'actions' }, waysOut(problem)),
    problem.request_id && el('p', { class: 'hint' }, `Request ${problem.request_id}`),
  );
}

/** The server's sentences name parameters for programs. The buttons below say the same to people. */
function withoutParameters(detail) {
  return detail.replace(/ The parameter on_error=skip leaves out[^.]*\./, '');
}

function finePart({ code }) {
  const rows = now().job?.rows ?? 0;
  if (!OF_LINES.includes(code) || rows === 0) return undefined;
  return el('p', {}, 'The lines before it could be read.');
}

function waysOut(problem) {
  const { code } = problem;
  const { file, job } = now();
  const hasInput = job !== null || file !== null;
  const ways = [];
  if (OF_LINES.includes(code) && hasInput)
    ways.push(
      button('Label the others and give me the bad ones', () => void retry({ on_error: 'skip' }), {
        class: 'button',
      }),
    );
  if (OF_COLUMNS.includes(code) && hasInput) ways.push(columnChoice(problem));
  if (code === 'encoding' && hasInput) ways.push(encodingChoice());
  if (code === 'sheet_missing' && hasInput)
    ways.push(button('Take the first sheet', () => void retry({ sheet: '1' }), { class: 'button' }));
  if (code === 'cancelled') ways.push(button('Label it again', () => void retry(), { class: 'button' }));
  if (OF_SPACE.includes(code)) ways.push(el('a', { class: 'button', href: '#jobs' }, 'Delete old jobs'));
  if (PASSING.includes(code)) ways.push(tryAgain());
  if (OF_JOBS.includes(code)) ways.push(el('a', { class: 'button', href: '#jobs' }, 'Show my jobs'));
  if (file !== null && code !== 'file_gone' && !PASSING.includes(code))
    ways.push(button('Change how it is read', () => choose(file)));
  ways.push(pickAnother());
  return ways;
}

function tryAgain() {
  const { file, job } = now();
  const again = () => {
    if (job?.state === 'failed') void retry();
    else if (job === null && file !== null) void start();
    else location.reload();
  };
  return button('Try again', again, { class: 'button' });
}

function pickAnother() {
  return button('Choose another file', () => {
    restart();
    document.getElementById('file').focus();
  });
}

/** A menu of the columns that the problem names, the likeliest chosen. */
function columnChoice({ columns = [], guess }) {
  if (columns.length === 0) return undefined;
  let chosen = String(guess ?? 1);
  const options =
    typeof guess === 'string' ? columns.map((name) => [name, name]) : columnOptions({ columns });
  return el(
    'div',
    { class: 'way' },
    menu('The message is in', options, chosen, (value) => (chosen = value)),
    button('Label it', () => void retry({ message_column: chosen }), { class: 'button' }),
  );
}

function encodingChoice() {
  let chosen = 'windows-1252';
  return el(
    'div',
    { class: 'way' },
    menu('It is encoded as', ENCODINGS, chosen, (value) => (chosen = value)),
    button('Label it', () => void retry({ encoding: chosen }), { class: 'button' }),
  );
}
