import { describe, expect, it } from 'vitest';
import { Gate } from '../../src/http/upload/gate.js';

class Client {
  isCut = false;
  constructor(readonly behindMs = 0) {}
  cut(): void {
    this.isCut = true;
  }
}

describe('Gate', () => {
  it('lets in as many as it has places, and others once one has left', () => {
    const gate = new Gate(2);
    const [first, second, third] = [new Client(), new Client(), new Client()];
    gate.enter(first);
    gate.enter(second);
    expect(() => gate.enter(third)).toThrow('2 uploads are being worked on');
    gate.leave(first);
    gate.enter(third);
    expect([first, second, third].map((client) => gate.has(client))).toEqual([false, true, true]);
  });

  it('counts a client once, however often it enters', () => {
    const gate = new Gate(1);
    const client = new Client();
    gate.enter(client);
    expect(() => gate.enter(client)).not.toThrow();
    expect(() => gate.enter(new Client())).toThrow('1 upload is being worked on.');
  });

  it('gives the place of the slowest client to a new one', () => {
    const gate = new Gate(3);
    const [slow, slowest, fast, late] = [new Client(2_500), new Client(9_000), new Client(), new Client()];
    for (const client of [slow, slowest, fast]) gate.enter(client);
    gate.enter(late);
    expect([slow, slowest, fast, late].map(({ isCut }) => isCut)).toEqual([false, true, false, false]);
    expect(gate.has(late)).toBe(true);
  });

  it.each([
    [1_999, false],
    [2_000, true],
  ])('lets a client that is %i ms behind give way: %s', (behindMs, givesWay) => {
    const gate = new Gate(1);
    const slow = new Client(behindMs);
    gate.enter(slow);
    const enter = () => gate.enter(new Client());
    if (givesWay) expect(enter).not.toThrow();
    else expect(enter).toThrow(expect.objectContaining({ code: 'busy', status: 503 }) as Error);
    expect(slow.isCut).toBe(givesWay);
  });
});
