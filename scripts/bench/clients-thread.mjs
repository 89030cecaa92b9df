/**
 * The thread of the interactive clients. Each client requests the label of one message, waits for the answer and
 * repeats. Every second message is known to the server; the others have new templates.
 */
import { Agent } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import { askLabel } from './ask.mjs';
import { messageOf } from './messages.mjs';

const KNOWN_MESSAGES = 50;
const MESSAGE_CHARS = 60;

/** @type {{ address: string, clients: number, seconds: number, firstTemplate: number }} */
const { address, clients, seconds, firstTemplate } = workerData;
const known = Array.from({ length: KNOWN_MESSAGES }, (_, i) =>
  messageOf(firstTemplate + i, i, MESSAGE_CHARS),
);
let template = firstTemplate + KNOWN_MESSAGES;
/** @type {Record<'known' | 'new', number[]>} */
const delays = { known: [], new: [] };

async function client(/** @type {number} */ firstTurn, /** @type {number} */ end) {
  const line = { address, agent: new Agent({ keepAlive: true, maxSockets: 1 }) };
  for (let turn = firstTurn; performance.now() < end; turn += 1) {
    if (turn % 2 === 0) delays.known.push(await askLabel(line, known[turn % KNOWN_MESSAGES] ?? ''));
    else delays.new.push(await askLabel(line, messageOf(template++, turn, MESSAGE_CHARS)));
  }
  line.agent.destroy();
}

const warmUp = { address, agent: new Agent({ keepAlive: true }) };
for (const message of known) await askLabel(warmUp, message);
warmUp.agent.destroy();
parentPort?.postMessage('ready');
const begin = performance.now();
await Promise.all(Array.from({ length: clients }, (_, i) => client(i, begin + seconds * 1000)));
parentPort?.postMessage({ delays, seconds: (performance.now() - begin) / 1000 });
