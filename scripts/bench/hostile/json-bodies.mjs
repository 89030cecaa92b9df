import { MOST_JSON_BYTES } from './new-lines.mjs';

const EMPTY_LOGS = 2_000_000;

/** JSON bodies within `MAX_JSON_BYTES` that are expensive to parse. */
export const JSON_BODIES = [
  { name: '16 MB of [', make: () => Buffer.alloc(MOST_JSON_BYTES, '[') },
  { name: '16 MB of {"a":', make: () => repeated('', '{"a":', '') },
  { name: '{"logs":[{},{},…]} with 2,000,000 items', make: () => list('{}', EMPTY_LOGS) },
  { name: '16 MB of numbers in a list', make: () => repeated('{"logs":[', '0,', '0]}') },
  { name: 'one number of 16 MB', make: () => repeated('{"logs":[', '1', ']}') },
];

/** Returns head, as many pieces as MOST_JSON_BYTES allows, and tail. */
function repeated(/** @type {string} */ head, /** @type {string} */ piece, /** @type {string} */ tail) {
  const count = Math.floor((MOST_JSON_BYTES - head.length - tail.length) / piece.length);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(count * piece.length, piece), Buffer.from(tail)]);
}

function list(/** @type {string} */ item, /** @type {number} */ count) {
  return Buffer.from(`{"logs":[${`${item},`.repeat(count - 1)}${item}]}`);
}
