import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteQueue } from '../../src/pipeline/byte-queue.js';
import { propertyRuns } from '../support/property-runs.js';

function takeAll(queue: ByteQueue): Uint8Array[] {
  const taken: Uint8Array[] = [];
  for (let bytes = queue.shift(); bytes; bytes = queue.shift()) taken.push(bytes);
  return taken;
}

it('returns the bytes in order and counts them, for any pieces and any order of calls', () => {
  const length = fc.oneof(fc.nat(20), fc.constantFrom(16_383, 16_384, 65_535, 65_537));
  const steps = fc.array(fc.record({ length, take: fc.boolean() }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (pieces) => {
      const queue = new ByteQueue();
      const [given, taken]: [Buffer[], Uint8Array[]] = [[], []];
      let waiting = 0;
      pieces.forEach(({ length, take }, i) => {
        const piece = Buffer.alloc(length, i + 1);
        given.push(Buffer.from(piece));
        queue.push(piece);
        waiting += length;
        // The sender may reuse the buffer of small pieces only.
        if (length < 100) piece.fill(0);
        const bytes = take ? queue.shift() : undefined;
        if (bytes) taken.push(bytes);
        waiting -= bytes?.length ?? 0;
        expect(queue.length).toBe(waiting);
      });
      // Compared as buffers: toEqual would compare some millions of numbers one by one.
      expect(Buffer.concat([...taken, ...takeAll(queue)]).equals(Buffer.concat(given))).toBe(true);
      expect(queue.length).toBe(0);
    }),
    { numRuns: propertyRuns(100) },
  );
});

it('holds a million pieces of one byte in a few blocks', () => {
  const queue = new ByteQueue();
  for (let i = 0; i < 1_000_000; i += 1) queue.push(Uint8Array.of(i & 0xff));
  const blocks = takeAll(queue);
  expect(blocks.length).toBeLessThan(20);
  expect(Buffer.concat(blocks).every((byte, i) => byte === (i & 0xff))).toBe(true);
});

/** The size of these pieces and of the buffers of which they are views. */
function heldBytes(parts: readonly Uint8Array[]): number {
  return [...new Set(parts.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

it('uses at most twice its bytes when each piece of one byte is taken at once', () => {
  const queue = new ByteQueue();
  const taken: Uint8Array[] = [];
  for (let i = 0; i < 10_000; i += 1) {
    queue.push(Uint8Array.of(i & 0xff));
    taken.push(queue.shift() ?? Uint8Array.of());
  }
  expect(Buffer.concat(taken)).toHaveLength(10_000);
  expect(heldBytes(taken)).toBeLessThanOrEqual(20_000);
});

it('uses at most twice its bytes when small pieces alternate with large ones', () => {
  const queue = new ByteQueue();
  for (let i = 0; i < 200; i += 1) {
    queue.push(Uint8Array.of(i));
    queue.push(new Uint8Array(16_384));
  }
  const { length } = queue;
  expect(heldBytes(takeAll(queue))).toBeLessThanOrEqual(2 * length);
});

it('keeps large pieces without a copy, and copies small ones, whose buffer the sender may reuse', () => {
  const queue = new ByteQueue();
  const [large, small] = [Buffer.alloc(16_384, 1), Buffer.alloc(16_383, 2)];
  queue.push(large);
  queue.push(small);
  small.fill(3);
  expect(queue.shift()).toBe(large);
  expect(Buffer.from(queue.shift() ?? []).equals(Buffer.alloc(16_383, 2))).toBe(true);
});

it('is empty when it has been cleared', () => {
  const queue = new ByteQueue();
  queue.push(Buffer.from('old'));
  queue.clear();
  expect([queue.length, queue.shift()]).toEqual([0, undefined]);
  queue.push(Buffer.from('new'));
  expect(Buffer.concat(takeAll(queue)).toString()).toBe('new');
});
