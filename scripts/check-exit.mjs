// Stops a server in each state with SIGTERM and a second SIGTERM 0.5 s later, six times each. Counts the clean exits.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { states } from './check-exit/states.mjs';

const TIMES = 6;
const SECOND_SIGNAL_MS = 500;
const SERVER = fileURLToPath(new URL('../dist/server.js', import.meta.url));

/** Starts a server on a free port. Resolves when it listens. @param {Record<string, string>} env */
async function start(env) {
  const child = spawn(process.execPath, [SERVER], {
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {Record<string, unknown>[]} */
  const log = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    log.push(JSON.parse(line));
    lines.emit('logged');
  });
  const ended = once(lines, 'close').then(() => {
    throw new Error('The server exited early.');
  });
  // Every server exits at some time. That is an error only for a caller that waits for a line.
  ended.catch(() => undefined);
  const logged = async (/** @type {(line: Record<string, unknown>) => boolean} */ matches) => {
    let line = log.find(matches);
    for (; !line; line = log.find(matches)) await Promise.race([once(lines, 'logged'), ended]);
    return line;
  };
  const { msg } = await logged(({ msg }) => String(msg).includes('listening at'));
  return { child, logged, port: Number(/:(\d+)$/.exec(String(msg))?.[1]) };
}

let clean = 0;
for (const [state, enter] of Object.entries(states)) {
  for (let time = 1; time <= TIMES; time += 1) {
    const { child } = await enter(start);
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.race([gone, pause(SECOND_SIGNAL_MS)]);
    child.kill('SIGTERM');
    const [code, signal] = await gone;
    if (code === 0 || code === 1) clean += 1;
    console.log(`${state}, ${time} of ${TIMES}: ${signal ?? `exit code ${code}`}`);
  }
}
const all = Object.keys(states).length * TIMES;
console.log(`${clean} of ${all} exits were clean`);
process.exitCode = clean === all ? 0 : 1;
