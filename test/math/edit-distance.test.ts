import { expect, it } from 'vitest';
import { nearestName } from '../../src/math/edit-distance.js';

it.each([
  ['encodng', 'encoding'],
  ['Sorce', 'source'],
  ['messagecolumn', 'message_column'],
])('takes %s for a misspelt %s', (name, meant) => {
  expect(nearestName(name, ['source', 'encoding', 'message_column'])).toBe(meant);
});

it('knows no nearest name for one that is like none', () => {
  expect(nearestName('utm_campaign', ['source', 'bom'])).toBeUndefined();
});
