import { setTimeout as pause } from 'node:timers/promises';
import { declaredLength } from './declared-length.mjs';
import { FORMAT_BODIES } from './format-bodies.mjs';
import { bodiesAtOnce, jsonBodies, manySmallBodies } from './bodies-at-once.mjs';
import { JSON_BODIES } from './json-bodies.mjs';
import { endlessLlmAnswer } from './llm-answer.mjs';
import { pipelined } from './pipelined.mjs';
import { refusedUploads } from './refused-uploads.mjs';
import { slowReaders, slowSenders } from './slow-clients.mjs';
import { smallBesideBulk } from './small-beside-bulk.mjs';

/**
 * The environment of an attack.
 * @typedef {object} Field
 * @property {string} address of the server
 * @property {import('./connections.mjs').Connections} connections for raw sockets; closed when the attack has ended
 * @property {number} seconds duration of the attack
 * @property {boolean} quick
 * @property {AbortSignal} signal aborted when the server has ended or the attack takes too long
 * @property {(text: string) => void} say
 * @property {{ pause(): void, resume(): void }} ordinary pauses and resumes the ordinary uploads
 */

/**
 * The figures that only this attack has.
 * @typedef {object} Finding
 * @property {string} note
 * @property {object} [figures] for the JSON
 * @property {(import('../verdict.mjs').Verdict | undefined)[]} [verdicts]
 */

/**
 * An attack by hostile clients.
 * @typedef {object} Attack
 * @property {string} name
 * @property {number} [seconds] duration, instead of the default
 * @property {number} [limitSeconds] time limit after which `signal` aborts
 * @property {() => Promise<{ settings: Record<string, string>, close(): void }>} [prepare] called before the server
 *   starts
 * @property {(field: Field) => Promise<Finding>} run
 */

/** Duration of the attacks by slow clients. The server averages rates for some time before a client counts as slow. */
const SLOW_SECONDS = 45;

/** @returns {readonly Attack[]} all attacks, in the order of the table */
export function attacks() {
  return [
    nothing(),
    ...['/openapi.json', '/', '/style.css', '/docs/static/swagger-ui-bundle.js'].map(pipelined),
    ...JSON_BODIES.map(jsonBodies),
    ...FORMAT_BODIES.map(bodiesAtOnce),
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

/** No hostile client: shows the effect of the machine on the figures. */
function nothing() {
  return {
    name: 'none, to compare with',
    async run(/** @type {Field} */ { seconds, signal }) {
      // An abort means that the server has ended; the report shows that.
      await pause(seconds * 1000, undefined, { signal }).catch(() => undefined);
      return { note: 'ordinary uploads and health requests alone' };
    },
  };
}
