import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../src/async/until-aborted.js';

describe('untilAborted', () => {
  it('passes items on, without a signal too', async () => {
    const items = async (signal?: AbortSignal) => {
      const seen: number[] = [];
      for await (const item of untilAborted(count().items, signal)) seen.push(item);
      return seen;
    };
    expect(await items()).toEqual([1, 2, 3]);
    expect(await items(new AbortController().signal)).toEqual([1, 2, 3]);
  });

  it('throws the reason of the signal, and closes its source', async () => {
    const { items, state } = count();
    const abort = new AbortController();
    const passed = untilAborted(items, abort.signal);
    expect(await passed.next()).toEqual({ done: false, value: 1 });
    abort.abort(new Error('gone'));
    await expect(passed.next()).rejects.toThrow('gone');
    expect(state.closed).toBe(true);
  });

  it('closes its source when it is closed', async () => {
    const { items, state } = count();
    const passed = untilAborted(items, undefined);
    await passed.next();
    await passed.return();
    expect(state.closed).toBe(true);
  });
});

function count() {
  const state = { closed: false };
  async function* items() {
    try {
      for (const item of [1, 2, 3]) yield await Promise.resolve(item);
    } finally {
      state.closed = true;
    }
  }
  return { items: items(), state };
}
