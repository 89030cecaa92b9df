import { beforeEach, describe, expect, it } from 'vitest';
import { RateMonitor } from '../../src/http/rate-monitor.js';

let now = 0;
beforeEach(() => (now = 0));
const monitor = (minBytesPerS = 1000) => new RateMonitor({ minBytesPerS, maxBehindMs: 500 }, () => now);

describe('A client', () => {
  it('falls behind by the time in which no byte arrives', () => {
    const client = monitor();
    client.resume();
    now = 300;
    expect([client.behindMs, client.remainingMs]).toEqual([300, 200]);
  });

  it('makes up time with each byte but gets no credit for a fast start', () => {
    const client = monitor();
    client.resume();
    client.count(1_000_000);
    now = 400;
    expect(client.behindMs).toBe(400);
    client.count(100);
    expect(client.behindMs).toBe(300);
  });

  it('keeps its lag while the clock is paused', () => {
    const client = monitor();
    client.resume();
    now = 100;
    client.pause();
    now = 10_000;
    expect(client.behindMs).toBe(100);
    client.resume();
    now = 10_050;
    expect(client.behindMs).toBe(150);
  });

  it('does not start the clock by sending bytes while it is paused', () => {
    const client = monitor();
    client.count(1);
    now = 10_000;
    expect(client.behindMs).toBe(0);
  });

  it('may send at any rate if the minimum is 0, but must not stop', () => {
    const client = monitor(0);
    client.resume();
    now = 400;
    client.count(0);
    expect(client.behindMs).toBe(400);
    client.count(1);
    expect(client.behindMs).toBe(0);
  });
});
