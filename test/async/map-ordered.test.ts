import { describe, expect, it, onTestFinished } from 'vitest';
import { mapOrdered } from '../../src/async/map-ordered.js';
import { deferred } from '../support/stub-classifier.js';

/** Numbers from 0; counts how many were asked for and whether it was closed. */
function counter(limit = Infinity) {
  const state = { asked: 0, closed: false };
  async function* numbers() {
    try {
      while (state.asked < limit) yield await Promise.resolve(state.asked++);
    } finally {
      state.closed = true;
    }
  }
  return { state, numbers: numbers() };
}

describe('mapOrdered', () => {
  it('keeps the order, whichever result is first', async () => {
    const gates = [deferred<string>(), deferred<string>(), deferred<string>()];
    const results = mapOrdered(counter(3).numbers, 3, (i) => gates[i]?.promise ?? Promise.resolve(''));
    const all = collect(results);
    gates[2]?.resolve('c');
    gates[1]?.resolve('b');
    gates[0]?.resolve('a');
    expect(await all).toEqual(['a', 'b', 'c']);
  });

  it('reads no further ahead than the concurrency', async () => {
    const { state, numbers } = counter();
    const results = mapOrdered(numbers, 4, (i) => Promise.resolve(i));
    await results.next();
    expect(state.asked).toBe(4);
    await results.return(undefined);
    expect(state.closed).toBe(true);
  });

  it('yields all results after a flushed item before it reads on', async () => {
    const { state, numbers } = counter();
    const results = mapOrdered(
      numbers,
      4,
      (i) => Promise.resolve(i),
      (i) => i === 1,
    );
    expect([(await results.next()).value, (await results.next()).value]).toEqual([0, 1]);
    expect(state.asked).toBe(2);
    await results.return(undefined);
  });

  it('throws the error of a failed item in its place, and closes the source', async () => {
    const { state, numbers } = counter();
    const results = mapOrdered(numbers, 2, (i) =>
      i === 1 ? Promise.reject(new Error('one')) : Promise.resolve(i),
    );
    expect((await results.next()).value).toBe(0);
    await expect(results.next()).rejects.toThrow('one');
    expect(state.closed).toBe(true);
  });

  it('handles an item that fails before its result is awaited', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const gate = deferred<number>();
    const results = mapOrdered(counter(2).numbers, 2, (i) =>
      i === 0 ? gate.promise : Promise.reject(new Error('one')),
    );
    const first = results.next();
    // The process looks for unhandled rejections between two turns of the event loop.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    gate.resolve(0);
    expect((await first).value).toBe(0);
    await expect(results.next()).rejects.toThrow('one');
    expect(unhandled).toEqual([]);
  });
});

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of source) all.push(item);
  return all;
}
