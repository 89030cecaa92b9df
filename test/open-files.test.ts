import { expect, it } from 'vitest';
import { connectionsWithin } from '../src/open-files.js';

it.each([
  [256, 28],
  [1024, 412],
  [Infinity, Infinity],
])('a limit of %i open files leaves room for %i connections', (openFiles, connections) => {
  expect(connectionsWithin(openFiles)).toBe(connections);
});
