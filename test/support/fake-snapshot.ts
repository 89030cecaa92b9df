import { EmbeddingTier } from '../../src/classifier/embedding/embedding-tier.js';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { emptyRuleSet } from '../../src/classifier/rules/rule-set.js';
import type { ClassifierSnapshot } from '../../src/classifier/snapshot.js';
import type { LlmPreview } from '../../src/classifier/llm/llm-preview.js';
import { FakeEncoder } from './fake-encoder.js';
import { fakeHead } from './fake-head.js';

/** What an LLM without a key would get to see. */
export const noLlm = ({ source, message }: { source: string; message: string }): LlmPreview => ({
  state: 'no-key',
  model: 'fake',
  instructions: 'Label it.',
  source,
  message,
});

/** Returns a snapshot with a fake head, without rules, and with an LLM that answers nothing. */
export function fakeSnapshot({
  encoder = new FakeEncoder(),
  ...parts
}: Partial<ClassifierSnapshot> = {}): ClassifierSnapshot {
  return {
    rules: { current: emptyRuleSet(), close: () => undefined },
    embedding: new EmbeddingTier(new EncodeQueue(encoder), fakeHead(), { cacheMaxBytes: 1_000_000 }),
    llm: { openSession: () => ({ classify: () => Promise.resolve([]) }), preview: noLlm },
    llmSources: new Set(),
    catalogue: { version: 'fake', labels: [], names: new Set() },
    encoder,
    ...parts,
  };
}
