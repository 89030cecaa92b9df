import { expect, it } from 'vitest';
import { wilsonInterval } from '../../../src/evaluation/metrics/figures.js';
import { bySource } from '../../../src/evaluation/metrics/by-source.js';

const line = (source: string, given = 'A') => ({ source, expected: 'A', given });

it('puts the sources with the most lines first and ignores white space around names', () => {
  const { sources } = bySource([line('Few'), line('Many', 'B'), line(' Many '), line('Also')]);
  expect(sources).toEqual([
    { source: 'Many', lines: 2, accuracy: 0.5, accuracyInterval: wilsonInterval(0.5, 2) },
    { source: 'Also', lines: 1, accuracy: 1, accuracyInterval: wilsonInterval(1, 1) },
    { source: 'Few', lines: 1, accuracy: 1, accuracyInterval: wilsonInterval(1, 1) },
  ]);
});

it('merges the sources after the first fifty', () => {
  const names = Array.from({ length: 53 }, (_, index) => `S${index}`);
  const lines = names.flatMap((name, index) => (index < 50 ? [line(name), line(name)] : [line(name, 'B')]));
  const { sources, otherSources } = bySource(lines);
  expect(sources).toHaveLength(50);
  expect(otherSources).toMatchObject({ sources: 3, lines: 3, accuracy: 0 });
});
