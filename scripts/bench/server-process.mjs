import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
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

/** @typedef {{ count: number, p50: number, p99: number, max: number, blocked: number }} LoopDelay all but the count in ms; blocked is the
 *   largest delay without waiting for a processor */

/** A server process: `node dist/server.js` with the default settings. */
export class ServerProcess {
  #child;
  /** Resolves with exit code and signal when the process has ended. */
  #gone;
  /** The URL on which the server listens. */
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
    // Prevents an unhandled rejection before something awaits it.
    this.#gone.catch(() => undefined);
    this.address = address;
    this.readySeconds = readySeconds;
  }

  /** Processor seconds used so far by all threads. */
  get cpuSeconds() {
    return cpuSeconds(this.#pid);
  }

  /** Peak resident memory in MB. */
  get peakMegabytes() {
    return peakMegabytes(this.#pid);
  }

  /** Starts to record the event loop delay. */
  async watchLoop() {
    await this.#tell('loop-delay:start');
  }

  /** Stops recording. @returns {Promise<LoopDelay>} the delay since `watchLoop` */
  async loopDelay() {
    return this.#tell('loop-delay:stop');
  }

  /** Resolves with the exit code or the signal when the process has ended. */
  get ended() {
    return this.#gone.then(([code, signal]) => /** @type {number | string} */ (code ?? signal));
  }

  /** Whether the process still runs. */
  get isAlive() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Sends SIGTERM, and SIGKILL after the time limit. Resolves when the process has ended.
   * @param {number} limitMs
   */
  async end(limitMs) {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), limitMs);
    await this.#gone;
    clearTimeout(timer);
  }

  /** Sends SIGTERM and waits for the end of the process. @throws Error when the exit code is not 0 */
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
 * @param {string} folder working directory and folder of the log; without .env, so that settings have their defaults
 * @param {string} [program] path of `dist/server.js`; default: the one in this working copy
 * @param {Readonly<Record<string, string>>} [settings] environment variables to set
 * @throws Error with the end of the log when the server ends or takes too long before it is ready
 */
export async function startServer(folder, program = OWN_SERVER, settings = {}) {
  const log = join(folder, 'server.log');
  const output = openSync(log, 'w');
  const begin = performance.now();
  const child = spawnNode(['--import', LOOP_DELAY, program], {
    cwd: folder,
    // Servers that are compared run at the same time, and cannot have the same folder.
    env: { ...environment(), DATA_DIR: mkdtempSync(join(folder, 'data-')), ...settings },
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
    throw new Error(`The server did not start: ${error}.\n${readFileSync(log, 'utf8').slice(-2000)}`, {
      cause: error,
    });
  } finally {
    line.agent.destroy();
  }
  return new ServerProcess(child, line.address, (performance.now() - begin) / 1000);
}

/** Returns this process's environment without the product's variables, so that the server has its default settings. */
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !environmentNames.includes(name));
  return { ...Object.fromEntries(own), PORT: '0', GROQ_API_KEY: '' };
}

/** Returns whether the server is ready. Sets the address of `line` when the log names it. */
async function isReady(/** @type {import('./ask.mjs').Line} */ line, /** @type {string} */ log) {
  line.address ||= /http:\/\/127\.0\.0\.1:\d+/.exec(readFileSync(log, 'utf8'))?.[0] ?? '';
  if (line.address === '') return false;
  return ask(line, '/health/ready').then(
    () => true,
    // A 503 or a refused connection: the caller tries again until its time limit.
    () => false,
  );
}
