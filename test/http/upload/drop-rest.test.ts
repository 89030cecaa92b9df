import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { dropRest } from '../../../src/http/upload/drop-rest.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A refused request. `disconnect` is called when its connection is closed. */
function refused() {
  const disconnect = vi.fn();
  const request = Object.assign(new PassThrough(), { socket: { destroy: disconnect } });
  return { request, disconnect, drop: () => dropRest(request as unknown as IncomingMessage, LIMITS) };
}
const LIMITS = { maxBytes: 10, maxMs: 1000 };
const turn = () => new Promise(setImmediate);

describe('The rest of a refused request', () => {
  it('is read up to the limit, then its connection is closed', async () => {
    const { request, disconnect, drop } = refused();
    void drop();
    request.write('1234');
    request.write('567890');
    await turn();
    expect([disconnect.mock.calls.length, request.readableLength]).toEqual([0, 0]);
    request.write('x');
    await turn();
    expect(disconnect).toHaveBeenCalledOnce();
  });

  it('has its connection closed when it takes too long', () => {
    const { disconnect, drop } = refused();
    void drop();
    vi.advanceTimersByTime(999);
    expect(disconnect).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(disconnect).toHaveBeenCalledOnce();
  });

  it.each<[string, (request: PassThrough) => unknown]>([
    ['ends', (request) => request.end('rest')],
    ['is closed', (request) => request.destroy()],
    ['fails', (request) => request.emit('error', new Error('reset'))],
  ])('leaves no timer when the request %s', async (_, stop) => {
    const { request, disconnect, drop } = refused();
    void drop();
    stop(request);
    await turn();
    expect(vi.getTimerCount()).toBe(0);
    expect(disconnect).not.toHaveBeenCalled();
  });

  it('is read even if the form parser has stopped reading', async () => {
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
    ['is destroyed', (request) => request.destroy()],
  ])('is not read if the request %s', async (_, finish) => {
    const { request, drop } = refused();
    finish(request);
    await turn();
    void drop();
    expect([vi.getTimerCount(), request.listenerCount('data')]).toEqual([0, 0]);
  });
});
