import { describe, expect, it } from 'vitest';
import { SlotPool } from '../../../src/http/upload/slot-pool.js';

class Client {
  hasLostSlot = false;
  constructor(readonly behindMs = 0) {}
  loseSlot(): void {
    this.hasLostSlot = true;
  }
}

describe('SlotPool', () => {
  it('refuses clients while all slots are taken and accepts one after a release', () => {
    const pool = new SlotPool(2);
    const [first, second, third] = [new Client(), new Client(), new Client()];
    pool.take(first);
    pool.take(second);
    expect(() => pool.take(third)).toThrow('already processing 2 uploads');
    pool.release(first);
    pool.take(third);
    expect([first, second, third].map((client) => pool.has(client))).toEqual([false, true, true]);
  });

  it('gives a client one slot, however often it asks', () => {
    const pool = new SlotPool(1);
    const client = new Client();
    pool.take(client);
    expect(() => pool.take(client)).not.toThrow();
    expect(() => pool.take(new Client())).toThrow('already processing 1 upload.');
  });

  it('gives the slot of the slowest client to a new one', () => {
    const pool = new SlotPool(3);
    const [slow, slowest, fast, late] = [new Client(2_500), new Client(9_000), new Client(), new Client()];
    for (const client of [slow, slowest, fast]) pool.take(client);
    pool.take(late);
    expect([slow, slowest, fast, late].map(({ hasLostSlot }) => hasLostSlot)).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(pool.has(late)).toBe(true);
  });

  it.each([
    [1_999, false],
    [2_000, true],
  ])('takes the slot of a client that is %i ms behind: %s', (behindMs, losesSlot) => {
    const pool = new SlotPool(1);
    const slow = new Client(behindMs);
    pool.take(slow);
    const take = () => pool.take(new Client());
    if (losesSlot) expect(take).not.toThrow();
    else expect(take).toThrow(expect.objectContaining({ code: 'busy', status: 503 }) as Error);
    expect(slow.hasLostSlot).toBe(losesSlot);
  });
});
