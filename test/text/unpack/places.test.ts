import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Places } from '../../../src/text/unpack/places.js';

it('owners beyond the number of places wait in order, and an owner takes a second place at once', async () => {
  const places = new Places(2);
  const owners = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
  const [a = {}, b = {}, c = {}] = owners;
  const held: string[] = [];
  for (const owner of owners) void places.take(owner).then(() => held.push(owner.name));
  await turn();
  expect(held).toEqual(['a', 'b']);
  await places.take(a);
  places.release(a);
  await turn();
  expect(held).toEqual(['a', 'b']);
  places.release(a);
  await turn();
  expect(held).toEqual(['a', 'b', 'c']);
  places.release(b);
  places.release(c);
  await turn();
  expect(held).toEqual(['a', 'b', 'c', 'd']);
});
