import { beforeEach, describe, expect, it } from 'vitest';
import { Pace } from '../../src/http/pace.js';

let now = 0;
beforeEach(() => (now = 0));
const pace = (minBytesPerS = 1000) => new Pace({ minBytesPerS, maxBehindMs: 500 }, () => now);

describe('A client', () => {
  it('falls behind by the time in which nothing moves', () => {
    const client = pace();
    client.wait();
    now = 300;
    expect([client.behindMs, client.leftMs]).toEqual([300, 200]);
  });

  it('makes up with each byte, but gets no credit for a fast start', () => {
    const client = pace();
    client.wait();
    client.move(1_000_000);
    now = 400;
    expect(client.behindMs).toBe(400);
    client.move(100);
    expect(client.behindMs).toBe(300);
  });

  it('does not fall behind while the server holds it back, and is as far behind afterwards', () => {
    const client = pace();
    client.wait();
    now = 100;
    client.rest();
    now = 10_000;
    expect(client.behindMs).toBe(100);
    client.wait();
    now = 10_050;
    expect(client.behindMs).toBe(150);
  });

  it('is not waited for because bytes move while the server is at work', () => {
    const client = pace();
    client.move(1);
    now = 10_000;
    expect(client.behindMs).toBe(0);
  });

  it('may be as slow as it likes without a least rate, but not silent', () => {
    const client = pace(0);
    client.wait();
    now = 400;
    client.move(0);
    expect(client.behindMs).toBe(400);
    client.move(1);
    expect(client.behindMs).toBe(0);
  });
});
