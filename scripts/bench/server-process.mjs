import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { environmentNames } from '../../dist/config.js';
import { ask } from './ask.mjs';
import { spawnNode } from './children.mjs';
import { cpuSeconds, peakMegabytes } from './proc.mjs';

/** The server of this working copy. */
export const OWN_SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));
const LOOP_DELAY = new URL('loop-delay.mjs', import.meta.url).href;
const LOOK_EVERY_MS = 5;
const START_LIMIT_MS = 60_000;

/** @typedef {{ count: number, p50: number, p99: number, max: number }} LoopDelay all but the count in ms */

/** The product's server in a process of its own, as `node dist/server.js` with the default settings. */
export class ServerProcess {
  #child;
  /** Resolves when it has ended, to its exit code and signal. */
  #gone;
  /** Where it listens. */
  address;
  /** Seconds from the start of the process to the first 200 of /health/ready. */
  readySeconds;

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} address
   * @param {number} readySeconds
   */
  constructor(child, address, readySeconds) {
    this.#child = child;
    this.#gone = once(child, 'exit');
    // It is looked at when somebody waits for it.
    this.#gone.catch(() => undefined);
    this.address = address;
    this.readySeconds = readySeconds;
  }

  /** Processor seconds that it has used so far, all threads. */
  get cpuSeconds() {
    return cpuSeconds(this.#pid);
  }

  /** The largest resident memory that it has had, in MB. */
  get peakMegabytes() {
    return peakMegabytes(this.#pid);
  }

  /** From now on the delay of its event loop is noted. */
  async watchLoop() {
    await this.#tell('loop-delay:start');
  }

  /** @returns {Promise<LoopDelay>} what has been noted since `watchLoop` */
  async loopDelay() {
    return this.#tell('loop-delay:stop');
  }

  /** Resolves when the process has ended, to its exit code or the signal that ended it. */
  get ended() {
    return this.#gone.then(([code, signal]) => /** @type {number | string} */ (code ?? signal));
  }

  /** Whether the process still runs. */
  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Asks it to end, and makes it end when that takes too long.
   * @param {number} limitMs
   */
  async end(limitMs) {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Asks it to end and waits until it has. @throws Error when it did not end well */
  async stop() {
    this.#child.kill('SIGTERM');
    const [code] = await this.#gone;
    if (code !== 0) throw new Error(`The server ended with ${code}.`);
  }

  get #pid() {
    const { pid } = this.#child;
    if (pid === undefined || !this.isAlive) throw new Error('The server has ended.');
    return pid;
  }

  async #tell(/** @type {string} */ message) {
    const gone = this.#gone.then(([code, signal]) => {
      throw new Error(`The server ended with ${code ?? signal}.`);
    });
    const answer = once(this.#child, 'message');
    this.#child.send(message);
    return (await Promise.race([answer, gone]))[0];
  }
}

/**
 * Starts the server on a free port and waits until it is ready.
 * @param {string} folder its working directory, for its log and, having no .env, for its default settings
 * @param {string} [program] path of `dist/server.js`, of this working copy unless told otherwise
 * @param {Readonly<Record<string, string>>} [settings] variables that are not to have their defaults
 * @throws Error with the end of its log when it ends before it is ready
 */
export async function startServer(folder, program = OWN_SERVER, settings = {}) {
  const log = join(folder, 'server.log');
  const output = openSync(log, 'w');
  const begin = performance.now();
  const child = spawnNode(['--import', LOOP_DELAY, program], {
    cwd: folder,
    env: { ...environment(), ...settings },
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  const line = { address: '', agent: new Agent({ keepAlive: true }) };
  try {
    while (!(await isReady(line, log))) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('it ended');
      if (performance.now() - begin > START_LIMIT_MS) throw new Error('it takes too long');
      await pause(LOOK_EVERY_MS);
    }
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`The server does not start: ${error}.\n${readFileSync(log, 'utf8').slice(-2000)}`, {
      cause: error,
    });
  } finally {
    line.agent.destroy();
  }
  return new ServerProcess(child, line.address, (performance.now() - begin) / 1000);
}

/** Ours without the product's variables, so that it runs with its defaults whoever measures. */
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !environmentNames.includes(name));
  return { ...Object.fromEntries(own), PORT: '0', GROQ_API_KEY: '' };
}

/** Whether it has written down where it listens and says that it is ready; notes the address in the line. */
async function isReady(/** @type {import('./ask.mjs').Line} */ line, /** @type {string} */ log) {
  line.address ||= /http:\/\/127\.0\.0\.1:\d+/.exec(readFileSync(log, 'utf8'))?.[0] ?? '';
  if (line.address === '') return false;
  return ask(line, '/health/ready').then(
    () => true,
    // A 503, or nobody there yet: both mean to ask again, and the time is limited.
    () => false,
  );
}
