import type { Head } from '../../src/classifier/embedding/head.js';

/** Returns a head for the fake encoder. The label contains the template's length; the confidence is constant. */
export function fakeHead({ confidence = 0.9, threshold = 0.5 } = {}): Head {
  const predict: Head['predict'] = (embedding) => ({ label: `length ${embedding[0] ?? 0}`, confidence });
  return {
    version: 'fake',
    labels: [],
    encoder: { id: 'fake', dimension: 1 },
    templateVersion: 1,
    hasLearnt: () => false,
    threshold,
    reasonToWithhold: (_, given) => (given < threshold ? 'low-confidence' : undefined),
    predict,
    rank: (embedding, template) => [
      predict(embedding, template),
      { label: 'other', confidence: 1 - confidence },
    ],
    explain: () => ({
      labels: [],
      temperature: 1,
      threshold,
      knownShare: 1,
      unfamiliar: { knownShare: 0, confidence: 0 },
    }),
  };
}
