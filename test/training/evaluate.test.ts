import { expect, it } from 'vitest';
import type { Classification, Classifier, LogRecord } from '../../src/classifier/types.js';
import type { LabelledRecord } from '../../src/training/data.js';
import { evaluate } from '../../src/training/evaluate.js';
import { evaluationText } from '../../src/training/evaluation-text.js';

/** Answers each record with what is set down for its message, and notes the sizes of the parts. */
function scripted(
  answers: Record<string, Classification>,
): Pick<Classifier, 'session'> & { parts: number[] } {
  const parts: number[] = [];
  const classify = (records: readonly LogRecord[]): Promise<Classification[]> => {
    parts.push(records.length);
    return Promise.resolve(records.map(({ message }) => answers[message] ?? rule('Other')));
  };
  return { parts, session: () => ({ classify }) };
}

const rule = (label: string): Classification => ({ label, tier: 'rule', confidence: 1, rule: 'r1' });
const embedding = (label: string, confidence: number): Classification => {
  return { label, tier: 'embedding', confidence };
};

const answers = {
  'rule right': rule('A'),
  'rule wrong': rule('B'),
  'sure and right': embedding('A', 0.9),
  'sure and wrong': embedding('B', 0.8),
  'not sure': { ...embedding('Unclassified', 0.2), note: 'low-confidence' },
  'for the LLM': { ...embedding('A', 0.7), note: 'llm-unavailable' },
} as const;

const records = Object.keys(answers).map((message, index): LabelledRecord => {
  return { source: 'S', message, label: 'A', line: index + 2 };
});

it('says how many lines each tier had and got right', async () => {
  const { tiers } = await evaluate(records, scripted(answers));
  expect(tiers).toEqual([
    { tier: 'rule', lines: 2, share: 1 / 3, accuracy: 0.5 },
    { tier: 'embedding', lines: 4, share: 2 / 3, accuracy: 0.5 },
  ]);
});

it('measures accuracy with its interval, and counts the notes', async () => {
  const report = await evaluate(records, scripted(answers));
  expect(report).toMatchObject({ n: 6, accuracy: 0.5, lowConfidence: 1, llmUnavailable: 1 });
  const [low, high] = report.accuracyInterval;
  expect([low, high]).toEqual([expect.closeTo(0.188, 3), expect.closeTo(0.812, 3)]);
});

it('judges calibration by the lines that kept the embedding tier’s label', async () => {
  const { embeddingEce } = await evaluate(records, scripted(answers));
  expect(embeddingEce).toBeCloseTo((0.1 + 0.8) / 2);
  const rulesOnly = await evaluate(records.slice(0, 2), scripted(answers));
  expect(rulesOnly.embeddingEce).toBeNull();
});

it('lists mistakes, the most confident first', async () => {
  const { worstMistakes } = await evaluate(records, scripted(answers));
  expect(worstMistakes.map(({ message }) => message)).toEqual(['rule wrong', 'sure and wrong', 'not sure']);
  expect(worstMistakes[0]).toEqual({
    ...rule('B'),
    line: 3,
    source: 'S',
    message: 'rule wrong',
    expected: 'A',
  });
});

it('feeds one session in parts, telling how far it is', async () => {
  const many = Array.from({ length: 450 }, (_, index) => ({ ...records[0], line: index }) as LabelledRecord);
  const classifier = scripted(answers);
  const seen: number[] = [];
  const report = await evaluate(many, classifier, (done) => seen.push(done));
  expect(report.n).toBe(450);
  expect(classifier.parts).toEqual([200, 200, 50]);
  expect(seen).toEqual([200, 400, 450]);
});

it('writes the report as text, with a name for every number', async () => {
  const text = evaluationText(await evaluate(records, scripted(answers)));
  expect(text).toContain('accuracy                                  50.0 % (95 %: 18.8 % to 81.2 %)');
  expect(text).toMatch(/A +100\.0 % +50\.0 % +0\.667 +6\n/);
  expect(text).toMatch(/1 A +3 +2 +1\n/);
  expect(text).toMatch(/rule +2 +33\.3 % +50\.0 %\n/);
  expect(text).toContain('line 3: B instead of A (rule r1 1.00)\n    S: rule wrong');
});

it('leaves the list of mistakes out when there are none', async () => {
  const text = evaluationText(await evaluate(records.slice(0, 1), scripted(answers)));
  expect(text).not.toContain('mistakes');
});
