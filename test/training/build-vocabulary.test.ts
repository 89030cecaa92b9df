import { expect, it } from 'vitest';
import type { Example } from '../../src/training/dataset.js';
import { buildVocabulary } from '../../src/training/build-vocabulary.js';

function examplesOf(templates: readonly string[], familyOf?: (index: number) => string): Example[] {
  return templates.map((template, index) => ({
    template,
    group: familyOf?.(index) ?? 'source',
    hasFamily: familyOf !== undefined,
    label: 0,
    fromBase: false,
  }));
}

it('keeps terms of at least three templates, sorted, with a larger weight for rarer ones', () => {
  const examples = examplesOf(['disk full', 'disk lost', 'my disk', 'full moon', 'so full']);
  const { terms, weights } = buildVocabulary(examples);
  expect(terms).toEqual(['#2', 'disk', 'full']);
  expect(weights).toEqual([1, 1.4055, 1.4055]);
});

it('keeps terms of at least three families if the data has families', () => {
  const templates = ['disk a', 'disk b', 'disk c', 'link a', 'link b', 'link c'];
  const examples = examplesOf(templates, (index) => (index < 3 ? `G${index}` : 'G'));
  const { terms } = buildVocabulary(examples);
  expect(terms).toContain('disk');
  expect(terms).not.toContain('link');
});
