import { setTimeout as pause } from 'node:timers/promises';
import { jsonOfNewLogs } from './new-lines.mjs';
import { post, tally } from './post.mjs';
import { abortsAfter } from './time-limit.mjs';

const AT_ONCE = 8;
/** Pause between two rounds. */
const PAUSE_MS = 500;

const CLIENTS = 300;
const LOGS_A_CLIENT = 1000;

/** @returns {import('./attacks.mjs').Attack} */
export function jsonBodies(/** @type {{ name: string, make: () => Buffer }} */ { name, make }) {
  return bodiesAtOnce({ name: `JSON, ${name}`, type: 'application/json', query: '', make });
}

/**
 * Eight clients send a hostile body at the same time, repeatedly.
 * @param {{ name: string, type: string, query: string, make: () => Buffer }} body
 * @returns {import('./attacks.mjs').Attack}
 */
export function bodiesAtOnce({ name, type, query, make }) {
  return {
    name: `8 × ${name}`,
    async run({ address, seconds, signal }) {
      const what = { type, query, body: make(), signal };
      const end = performance.now() + seconds * 1000;
      const statuses = [];
      do {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => post(address, what)));
        statuses.push(...answers.map(({ status }) => status));
        await pause(PAUSE_MS);
      } while (performance.now() < end && !signal.aborted);
      return { note: tally(statuses) };
    },
  };
}

/**
 * Three hundred clients each send one JSON body of less than 64 kB with 1,000 new logs, all at the same time.
 * @returns {import('./attacks.mjs').Attack}
 */
export function manySmallBodies() {
  return {
    name: `${CLIENTS} × JSON with 1,000 new logs`,
    async run({ address, seconds, signal }) {
      const limit = abortsAfter(signal, seconds * 1000);
      const answers = await Promise.all(
        Array.from({ length: CLIENTS }, (_, i) => {
          const body = jsonOfNewLogs(i * LOGS_A_CLIENT, LOGS_A_CLIENT);
          return post(address, { type: 'application/json', body, signal: limit });
        }),
      );
      return { note: `after ${seconds} s: ${tally(answers.map(({ status }) => status))}` };
    },
  };
}
