import { expect, it } from 'vitest';
import { pairsReport } from '../../scripts/bench/pairs.mjs';

it('the report of pairs has the medians of both servers and the spread of the ratios', () => {
  const pairs = [
    { own: 110, other: 100 },
    { own: 90, other: 100 },
    { own: 150, other: 100 },
    { own: 120, other: 100 },
  ];
  expect(pairsReport([{ load: 'fresh', figure: 'rows/s', pairs }])).toBe(`\
load   figure  this server  the other  pairs  ratio, median  least  largest
fresh  rows/s          115        100      4          1.150  0.900    1.500`);
});
