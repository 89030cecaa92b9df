import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../src/classifier/llm/slots.js';
import { gate } from './setup.js';

const { signal } = new AbortController();

describe('slots', () => {
  it('starts tasks in the order of their calls as slots become free', async () => {
    const slots = createSlots(1);
    const started: number[] = [];
    const gates = [gate(), gate(), gate()];
    const works = gates.map(({ opened }, at) =>
      slots.run(signal, () => {
        started.push(at);
        return opened;
      }),
    );
    gates[0]?.open();
    await works[0];
    await Promise.resolve();
    expect(started).toEqual([0, 1]);
    gates.forEach(({ open }) => open());
    await Promise.all(works);
    expect(started).toEqual([0, 1, 2]);
  });

  it('frees the slot of a task that fails', async () => {
    const slots = createSlots(1);
    await expect(slots.run(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(signal, () => Promise.resolve('next'))).toBe('next');
  });

  it('runs as many tasks at a time as there are slots', async () => {
    const slots = createSlots(2);
    const held = gate();
    let started = 0;
    const works = [1, 2, 3].map(() => slots.run(signal, () => (started++, held.opened)));
    await Promise.resolve();
    expect(started).toBe(2);
    held.open();
    await Promise.all(works);
    expect(started).toBe(3);
  });

  it('removes a waiting task whose signal aborts, and leaves no listener on the signal of a task that started', async () => {
    const slots = createSlots(1);
    const held = gate();
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const first = slots.run(signal, () => held.opened);
    const left = slots.run(leaving.signal, () => Promise.resolve('never'));
    const next = slots.run(staying.signal, () => Promise.resolve('next'));
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    held.open();
    await first;
    expect(await next).toBe('next');
    expect(getEventListeners(staying.signal, 'abort')).toEqual([]);
  });

  it('rejects a task whose signal has already aborted', async () => {
    const slots = createSlots(1);
    const aborted = AbortSignal.abort(new Error('gone'));
    await expect(slots.run(aborted, () => Promise.resolve())).rejects.toThrow('gone');
    expect(await slots.run(signal, () => Promise.resolve('next'))).toBe('next');
  });
});
