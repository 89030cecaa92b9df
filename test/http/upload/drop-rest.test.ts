import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { dropRest } from '../../../src/http/upload/drop-rest.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A request that has been refused, and the cut of its connection. */
function refused() {
  const cut = vi.fn();
  const request = Object.assign(new PassThrough(), { socket: { destroy: cut } });
  return { request, cut, drop: () => dropRest(request as unknown as IncomingMessage, LIMITS) };
}
const LIMITS = { maxBytes: 10, maxMs: 1000 };
const turn = () => new Promise(setImmediate);

describe('The rest of a refused request', () => {
  it('is read up to its limit, and its connection is cut past that', async () => {
    const { request, cut, drop } = refused();
    void drop();
    request.write('1234');
    request.write('567890');
    await turn();
    expect([cut.mock.calls.length, request.readableLength]).toEqual([0, 0]);
    request.write('x');
    await turn();
    expect(cut).toHaveBeenCalledOnce();
  });

  it('has its connection cut when it takes too long', () => {
    const { cut, drop } = refused();
    void drop();
    vi.advanceTimersByTime(999);
    expect(cut).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(cut).toHaveBeenCalledOnce();
  });

  it.each<[string, (request: PassThrough) => unknown]>([
    ['ends', (request) => request.end('rest')],
    ['is closed', (request) => request.destroy()],
    ['breaks off', (request) => request.emit('error', new Error('reset'))],
  ])('is not timed once it %s', async (_, stop) => {
    const { request, cut, drop } = refused();
    void drop();
    stop(request);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
    expect(cut).not.toHaveBeenCalled();
  });

  it('is not held back by a parser that reads no further', async () => {
    const { request, drop } = refused();
    const parser = new PassThrough({ highWaterMark: 1 });
    request.pipe(parser).write('full');
    void drop();
    request.end('rest');
    await turn();
    expect(request.readableEnded).toBe(true);
    expect(parser.readableLength).toBeLessThan('full'.length + 1);
  });

  it.each<[string, (request: PassThrough) => unknown]>([
    ['has ended', (request) => request.resume().end()],
    ['is gone', (request) => request.destroy()],
  ])('is left alone where the request %s', async (_, finish) => {
    const { request, drop } = refused();
    finish(request);
    await turn();
    void drop();
    expect([vi.getTimerCount(), request.listenerCount('data')]).toEqual([0, 0]);
  });
});
