import { expect, it } from 'vitest';
import type { Example } from '../../src/training/dataset.js';
import { buildVocabulary } from '../../src/training/build-vocabulary.js';

function examplesOf(templates: readonly string[], familyOf?: (index: number) => string): Example[] {
  return templates.map((template, index) => ({
    template,
    group: familyOf?.(index) ?? 'source',
    hasFamily: familyOf !== undefined,
    label: 0,
    own: true,
  }));
}

it('keeps the terms of three templates or more, sorted, the rarer the heavier', () => {
  const examples = examplesOf(['disk full', 'disk lost', 'my disk', 'full moon', 'so full']);
  const { terms, weights } = buildVocabulary(examples);
  expect(terms).toEqual(['#2', 'disk', 'full']);
  expect(weights).toEqual([1, 1.4055, 1.4055]);
});

it('asks for three families instead where the data names them', () => {
  const templates = ['disk a', 'disk b', 'disk c', 'link a', 'link b', 'link c'];
  const everywhere = examplesOf(templates, (index) => (index < 3 ? `G${index}` : 'G'));
  const { terms } = buildVocabulary(everywhere);
  expect(terms).toContain('disk');
  expect(terms).not.toContain('link');
});
