// Ends a server in each state by SIGTERM and a second one 0.5 s later, six times, and counts the clean exits.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { states } from './check-exit/states.mjs';

const TIMES = 6;
const SECOND_SIGNAL_MS = 500;
const SERVER = fileURLToPath(new URL('../dist/server.js', import.meta.url));

/** Starts a server on a free port; resolves when it listens. @param {Record<string, string>} env */
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
    throw new Error('The server ended by itself.');
  });
  // It ends in the end; only who waits for a line is told.
  ended.catch(() => undefined);
  const logged = async (/** @type {(line: Record<string, unknown>) => boolean} */ fits) => {
    let line = log.find(fits);
    for (; !line; line = log.find(fits)) await Promise.race([once(lines, 'logged'), ended]);
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
console.log(`${clean} of ${all}`);
process.exitCode = clean === all ? 0 : 1;
