import { expect, it } from 'vitest';
import { connectionsWithin } from '../src/open-files.js';

it.each([
  [256, 28],
  [1024, 412],
  [Infinity, Infinity],
])('%i open files are enough for %i connections with a file each', (openFiles, connections) => {
  expect(connectionsWithin(openFiles)).toBe(connections);
});
