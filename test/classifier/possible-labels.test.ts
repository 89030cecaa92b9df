import { expect, it } from 'vitest';
import { createPossibleLabels } from '../../src/classifier/possible-labels.js';
import { withLabels, type LabelCatalogue } from '../../src/classifier/labels.js';
import { compileRules, emptyRuleSet } from '../../src/classifier/rules/rule-set.js';
import { EmbeddingTier } from '../../src/classifier/embedding/embedding-tier.js';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { headOf, rulesText } from './snapshot-parts.js';

const none: LabelCatalogue = { version: '', labels: [], names: new Set() };

it('follows an edit of the rules', () => {
  const catalogue = withLabels(none, ['Fine', 'Broken', 'Lost']);
  const embedding = new EmbeddingTier(new EncodeQueue(new FakeEncoder()), headOf(['Fine', 'Lost']), {
    cacheMaxBytes: 1000,
  });
  const rules = { current: emptyRuleSet(), close: () => undefined };
  const snapshot = { catalogue, embedding, rules, llmSources: new Set<string>() };
  const possibleLabels = createPossibleLabels(false);
  expect([...possibleLabels(snapshot).names]).toEqual(['Fine', 'Lost', 'Unclassified']);
  rules.current = compileRules(rulesText('Broken'), { file: 'rules.json', labels: catalogue.names });
  expect([...possibleLabels(snapshot).names]).toEqual(['Fine', 'Broken', 'Lost', 'Unclassified']);
});
