/**
 * Checks that a job survives the death of the server. Labels a generated file as a job, kills the server at a random moment,
 * starts it again and waits for the end of the job. Compares all results, byte for byte, with those of a job that was not
 * disturbed.
 *
 *   npm run check-jobs-survive -- [--kills 20] [--rows 200000] [--seed 1]
 *
 * Kills that often with SIGKILL, then that often with SIGTERM. Prints a line for each. Exits with 1 if a result differs or a
 * server that got SIGTERM does not end with 0.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { seededRandom } from '../dist/math/random.js';
import { survivalCsv } from './survival-csv.mjs';

const SERVER = fileURLToPath(new URL('../dist/server.js', import.meta.url));
const LOOK_EVERY_MS = 50;
/** Kills come before this share of the time that the undisturbed job took, so that most hit a running job. */
const LATEST_KILL = 0.9;
/** What is compared. The summary has the duration, which is left out. */
const RESULTS = [
  'result?details=true',
  'result?format=ndjson&min_confidence=0.5',
  'rejected',
  'summary',
  'templates?sort=first&limit=500',
  'rows?limit=500&tier=embedding',
];

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    rows: { type: 'string', default: '200000' },
    seed: { type: 'string', default: '1' },
  },
});
const [kills, rows, seed] = [Number(values.kills), Number(values.rows), Number(values.seed)];
if (![kills, rows, seed].every((value) => Number.isInteger(value) && value > 0)) {
  console.error('--kills, --rows and --seed must be whole numbers above 0.');
  process.exit(2);
}
const random = seededRandom(seed);
const dataDir = mkdtempSync(join(tmpdir(), 'check-jobs-survive-'));
/** @type {import('node:child_process').ChildProcess | undefined} */
let current;
process.once('exit', () => {
  current?.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.once(signal, () => process.exit(1));

/** @typedef {{ child: import('node:child_process').ChildProcess, url: string }} Server */

/** Starts a server on a free port. Resolves when it listens. @returns {Promise<Server>} */
async function start() {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '', DATA_DIR: dataDir, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  current = child;
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url === undefined) continue;
    // Its later lines are read too, so that it never waits for this process.
    child.stdout.resume();
    return { child, url };
  }
  throw new Error('The server ended at its start.');
}

/** Ends a server. @param {Server} server @param {NodeJS.Signals} signal @returns {Promise<number | string>} */
async function end({ child }, signal) {
  const gone = once(child, 'exit');
  child.kill(signal);
  const [code, killedBy] = await gone;
  return killedBy ?? code;
}

/** @param {Server} server @param {string} path @param {RequestInit} [init] */
async function ask({ url }, path, init) {
  const response = await fetch(url + path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** @param {Server} server @param {string} body @returns {Promise<string>} the path of the new job */
async function create(server, body) {
  const init = { method: 'POST', body, headers: { 'content-type': 'text/csv' } };
  const { id } = /** @type {{ id: string }} */ (
    await (await ask(server, '/jobs?on_error=skip', init)).json()
  );
  return `/jobs/${id}`;
}

/** @param {Server} server @param {string} job @returns {Promise<{ state: string, rows: number }>} */
async function stateOf(server, job) {
  return /** @type {{ state: string, rows: number }} */ (await (await ask(server, job)).json());
}

/** Waits until a job is done. @param {Server} server @param {string} job */
async function finish(server, job) {
  for (;;) {
    const { state, ...rest } = await stateOf(server, job);
    if (state === 'done') return;
    if (state !== 'queued' && state !== 'running')
      throw new Error(`The job is ${state}: ${JSON.stringify(rest)}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Returns the SHA-256 of each result. @param {Server} server @param {string} job */
async function digests(server, job) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const name of RESULTS) {
    const text = await (await ask(server, `${job}/${name}`)).text();
    const compared = name === 'summary' ? JSON.stringify({ ...JSON.parse(text), seconds: 0 }) : text;
    found[name] = createHash('sha256').update(compared).digest('hex');
  }
  return found;
}

const csv = survivalCsv(rows, seed);
let server = await start();
const begin = performance.now();
const undisturbed = await create(server, csv);
await finish(server, undisturbed);
const took = performance.now() - begin;
const expected = await digests(server, undisturbed);
console.log(`undisturbed: ${rows} rows, ${(took / 1000).toFixed(1)} s, seed ${seed}`);
console.log('signal    after, s  rows then  restarted to the end, s  ended with  differs');

let failures = 0;
for (const signal of /** @type {const} */ (['SIGKILL', 'SIGTERM'])) {
  for (let kill = 1; kill <= kills;) {
    const job = await create(server, csv);
    const moment = random() * took * LATEST_KILL;
    await pause(moment);
    const { state, rows: labelled } = await stateOf(server, job);
    const code = await end(server, signal);
    const restarted = performance.now();
    server = await start();
    await finish(server, job);
    const seconds = (performance.now() - restarted) / 1000;
    const found = await digests(server, job);
    const different = RESULTS.filter((name) => found[name] !== expected[name]);
    const isClean = signal === 'SIGKILL' || code === 0;
    if (different.length > 0 || !isClean) failures += 1;
    const cells = [
      signal.padEnd(8),
      (moment / 1000).toFixed(2).padStart(9),
      (state === 'done' ? 'done' : String(labelled)).padStart(10),
      seconds.toFixed(1).padStart(24),
      String(code).padStart(11),
      different.join(' ') || 'nothing',
    ];
    console.log(cells.join(' '));
    await ask(server, job, { method: 'DELETE' });
    // A job that had ended before the signal is not counted.
    if (state !== 'done' || different.length > 0) kill += 1;
  }
}
await end(server, 'SIGTERM');
console.log(failures === 0 ? `all ${2 * kills} results are the same` : `${failures} of ${2 * kills} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;
