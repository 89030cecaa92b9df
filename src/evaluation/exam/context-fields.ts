import { seededRandom } from '../../math/random.js';

/** The least number of characters of the context. */
const CONTEXT_CHARS = 3000;

/** Names of fields that real log lines have beside the message. Their values are hex digits, which have no meaning. */
const NAMES = [
  'trace_id',
  'span_id',
  'request_id',
  'pod',
  'node',
  'container_id',
  'image_digest',
  'commit',
  'tenant',
  'region',
  'thread',
  'correlation_id',
];

/** Returns fields of a JSON object, separated by commas: always the same 3 kB. */
export function contextFields(): string {
  const random = seededRandom(1);
  const hex = (): string =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  let fields = '';
  for (let index = 0; fields.length < CONTEXT_CHARS; index += 1) {
    const name = `${NAMES[index % NAMES.length] ?? ''}_${Math.floor(index / NAMES.length) + 1}`;
    fields += `${fields === '' ? '' : ','}"${name}":"${hex()}${hex()}${hex()}${hex()}"`;
  }
  return fields;
}
