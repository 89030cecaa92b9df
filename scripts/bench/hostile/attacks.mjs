import { setTimeout as pause } from 'node:timers/promises';
import { declaredLength } from './declared-length.mjs';
import { jsonBodies, manySmallBodies } from './json-at-once.mjs';
import { JSON_BODIES } from './json-bodies.mjs';
import { endlessLlmAnswer } from './llm-answer.mjs';
import { pipelined } from './pipelined.mjs';
import { refusedUploads } from './refused-uploads.mjs';
import { slowReaders, slowSenders } from './slow-clients.mjs';
import { smallBesideBulk } from './small-beside-bulk.mjs';

/**
 * What an attack has to work with.
 * @typedef {object} Field
 * @property {string} address of the server
 * @property {import('./connections.mjs').Connections} connections for raw sockets, closed when the attack has ended
 * @property {number} seconds how long it should go on; most attacks take so long whatever the server does
 * @property {boolean} quick
 * @property {AbortSignal} signal the server has ended, or the attack takes too long
 * @property {(text: string) => void} say
 * @property {{ pause(): void, resume(): void }} ordinary the ordinary uploads beside it
 */

/**
 * What an attack has found out beside what is measured of every attack.
 * @typedef {object} Finding
 * @property {string} note
 * @property {object} [figures] for the JSON
 * @property {(import('../verdict.mjs').Verdict | undefined)[]} [verdicts]
 */

/**
 * Hostile clients with a name.
 * @typedef {object} Attack
 * @property {string} name
 * @property {number} [seconds] instead of the usual ones
 * @property {number} [limitSeconds] after so long it is ended
 * @property {() => Promise<{ settings: Record<string, string>, close(): void }>} [prepare] before the server starts
 * @property {(field: Field) => Promise<Finding>} run
 */

/** So long the attacks of slow clients go on: rates are averaged over some time before a client counts as slow. */
const SLOW_SECONDS = 45;

/** @returns {readonly Attack[]} all attacks, in the order of the table */
export function attacks() {
  return [
    nothing(),
    ...['/openapi.json', '/', '/style.css', '/docs/static/swagger-ui-bundle.js'].map(pipelined),
    ...JSON_BODIES.map(jsonBodies),
    { ...slowSenders({ comeBack: false }), seconds: SLOW_SECONDS },
    { ...slowSenders({ comeBack: true }), seconds: SLOW_SECONDS },
    { ...slowReaders(), seconds: SLOW_SECONDS },
    { ...manySmallBodies(), seconds: 30 },
    refusedUploads(),
    smallBesideBulk(),
    endlessLlmAnswer(),
    declaredLength(),
  ];
}

/** No hostile client at all: what the machine itself does to the figures of that run. */
function nothing() {
  return {
    name: 'none, to compare with',
    async run(/** @type {Field} */ { seconds, signal }) {
      // It ends early, which is no failure of the bench, when the server does.
      await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
      return { note: 'ordinary uploads and health requests alone' };
    },
  };
}
