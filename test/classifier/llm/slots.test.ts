import { describe, expect, it } from 'vitest';
import { createSlots } from '../../../src/classifier/llm/slots.js';
import { gate } from './setup.js';

const { signal } = new AbortController();

describe('slots', () => {
  it('starts tasks in the order in which they came, as places become free', async () => {
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

  it('frees the place of a task that fails', async () => {
    const slots = createSlots(1);
    await expect(slots.run(signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(signal, () => Promise.resolve('next'))).toBe('next');
  });

  it('lets nobody in whose signal has aborted', async () => {
    const slots = createSlots(1);
    const aborted = AbortSignal.abort(new Error('gone'));
    await expect(slots.run(aborted, () => Promise.resolve())).rejects.toThrow('gone');
    expect(await slots.run(signal, () => Promise.resolve('next'))).toBe('next');
  });
});
