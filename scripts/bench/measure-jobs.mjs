import { Agent } from 'node:http';
import { get, post, untilDone } from './job-client.mjs';
import { LoadFiles } from './load-files.mjs';
import { delaysOf } from './delays.mjs';
import { startServer } from './server-process.mjs';

const PAGE = 100;

/**
 * The result of the load `jobs`.
 * @typedef {object} JobsResult
 * @property {number} rows
 * @property {number} uploadSeconds until the answer 202
 * @property {number} seconds from the answer to the end of the job
 * @property {number} rowsPerSecond
 * @property {number} peakMegabytes
 * @property {readonly import('./delays.mjs').Delays[]} questions in ms
 * @property {number} resultSeconds until the last byte of the first download
 */

/**
 * Measures a job: its upload, its labelling, questions about its results one after the other, and the first download.
 * @param {import('./loads.mjs').Load} load
 * @param {import('./measure-csv.mjs').Surroundings} surroundings
 * @returns {Promise<JobsResult>}
 */
export async function measureJobs(load, { folder, options, say }) {
  const file = await new LoadFiles(folder, load).make();
  const server = await startServer(folder, options.server);
  const line = { address: server.address, agent: new Agent({ keepAlive: true }) };
  try {
    say('upload');
    const begin = performance.now();
    const { id } = await post(line.address, file.path);
    const received = performance.now();
    say('labelling');
    await untilDone(line, id);
    const done = performance.now();
    say('questions');
    const questions = await ask(line, `/jobs/${id}`, options.quick ? 20 : 100);
    say('download');
    const resultSeconds = (await get(line, `/jobs/${id}/result`, false)).ms / 1000;
    const seconds = (done - received) / 1000;
    return {
      ...{ rows: load.rows, uploadSeconds: (received - begin) / 1000, seconds, questions, resultSeconds },
      ...{ rowsPerSecond: load.rows / seconds, peakMegabytes: server.peakMegabytes },
    };
  } finally {
    line.agent.destroy();
    await server.stop();
  }
}

/** Asks each question so many times, with other templates, labels or pages each time. @returns {Promise<import('./delays.mjs').Delays[]>} */
async function ask(
  /** @type {import('./ask.mjs').Line} */ line,
  /** @type {string} */ job,
  /** @type {number} */ times,
) {
  const { body } = await get(line, `${job}/templates?limit=500`);
  const { templates } = body;
  const at = (/** @type {number} */ index) =>
    templates[index % templates.length] ?? { id: '', target_label: '' };
  const sorts = ['rows', 'confidence', 'first'];
  const label = (/** @type {number} */ index) => encodeURIComponent(at(index).target_label);
  /** @type {[string, (index: number) => string][]} */
  const single = [
    ['summary', () => 'summary'],
    ['templates', (i) => `templates?limit=${PAGE}&sort=${sorts[i % sorts.length]}`],
    ['templates of a label', (i) => `templates?limit=${PAGE}&label=${label(i)}`],
    ['templates with a text', (i) => `templates?limit=${PAGE}&q=${'abcdefghij'[i % 10]}`],
    ['rows of a template', (i) => `rows?limit=${PAGE}&template=${at(i).id}`],
  ];
  const questions = [];
  for (const [name, path] of single) {
    const delays = [];
    for (let i = 0; i < times; i += 1) delays.push((await get(line, `${job}/${path(i)}`)).ms);
    questions.push(delaysOf(name, delays));
  }
  questions.push(delaysOf('pages of a label', await pages(line, `${job}/rows?limit=${PAGE}`, label, times)));
  return questions;
}

/** Turns pages of rows of a label, and goes on with the next label after the last page. */
async function pages(
  /** @type {import('./ask.mjs').Line} */ line,
  /** @type {string} */ path,
  /** @type {(index: number) => string} */ label,
  /** @type {number} */ times,
) {
  const delays = [];
  let [index, cursor] = [0, ''];
  while (delays.length < times) {
    const { ms, body } = await get(line, `${path}&label=${label(index)}${cursor}`);
    delays.push(ms);
    if (body.next_cursor === null) index += 1;
    cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
  }
  return delays;
}
