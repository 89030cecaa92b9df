import type { LogRecord } from '../../src/classifier/types.js';
import { seededRandom } from '../../src/math/random.js';

const THINGS = ['Shuttle', 'the greenhouse pump', 'Lift B', 'Ledger sync', 'badge reader', 'Wärmepumpe'];
const EVENTS = [
  'is back after a restart',
  'could not reach its controller: timed out',
  'refused a card of guest {n}',
  'uses {n}% of its memory',
  'has moved {n} crates to bay {n}',
  'will lose support for protocol v{n}',
  'shows nothing new today, all quiet',
  'wurde von {ip} aus gesperrt',
  'stopped with exit code {n}',
  'frobnicates the quux of {ip}',
];
/** Lines that built-in rules know. */
const KNOWN = [
  'User User{n} logged in.',
  'Backup completed successfully.',
  'GET /v2/items HTTP/1.1 status: {n}',
];

/** What a logger or a transport may make of a line. */
const WRAPPERS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => JSON.stringify({ level: 30, msg: line, pid: 7 }),
  (line) => `2026-11-26T05:00:01Z stdout F ${line}`,
  (line) => `level=info msg=${JSON.stringify(line)}`,
];

/** Returns the same varied lines each time: known and unknown to the rules, plain and wrapped. */
export function variedLines(count: number): LogRecord[] {
  const random = seededRandom(15);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const number = (): string => String(Math.floor(random() * 600));
  return Array.from({ length: count }, () => {
    const line = random() < 0.2 ? oneOf(KNOWN) : `${oneOf(THINGS)} ${oneOf(EVENTS)}`;
    const filled = line
      .replaceAll('{n}', number)
      .replaceAll('{ip}', () => `10.0.${number()}.7`.replace(/\.[3-9]\d\d\./, '.9.'));
    return { source: 'site', message: oneOf(WRAPPERS)(filled) };
  });
}
