import { expect, it } from 'vitest';
import type { Classification, LogRecord } from '../../src/classifier/types.js';
import type { LabelledRecord } from '../../src/labelled-data/labelled-csv.js';
import type { MeasurableClassifier } from '../../src/evaluation/classified-records.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import { evaluationText } from '../../src/evaluation/render/evaluation-text.js';
import { wilsonInterval } from '../../src/evaluation/metrics/figures.js';

/** A classifier that returns a given result for each message and notes the sizes of the batches. */
function scripted(results: Record<string, Classification>): MeasurableClassifier & { batches: number[] } {
  const batches: number[] = [];
  const classify = (records: readonly LogRecord[]): Promise<Classification[]> => {
    batches.push(records.length);
    return Promise.resolve(records.map(({ message }) => results[message] ?? rule('Other')));
  };
  return {
    batches,
    head: {
      version: 'v1',
      threshold: 0.5,
      labels: ['A', 'B'],
      hasLearnt: (template: string) => template === 'learnt',
    },
    session: () => ({ version: 'scripted', classify }),
  };
}

const rule = (label: string): Classification => ({ label, tier: 'rule', confidence: 1, rule: 'r1' });
const embedding = (label: string, confidence: number): Classification => {
  return { label, tier: 'embedding', confidence };
};

const results = {
  'rule right': rule('A'),
  'rule wrong': rule('B'),
  'sure and right': embedding('A', 0.9),
  'sure and wrong': embedding('B', 0.8),
  'not sure': { ...embedding('Unclassified', 0.2), note: 'low-confidence' },
  'for the LLM': { ...embedding('A', 0.7), note: 'llm-unavailable' },
} as const;

const records = Object.keys(results).map((message, index): LabelledRecord => {
  return { source: 'S', message, label: 'A', line: index + 2 };
});

it('counts the lines and the right labels of each tier', async () => {
  const { tiers } = await evaluate(records, scripted(results));
  expect(tiers).toEqual([
    { tier: 'rule', lines: 2, share: 1 / 3, accuracy: 0.5, accuracyInterval: wilsonInterval(0.5, 2) },
    { tier: 'embedding', lines: 4, share: 2 / 3, accuracy: 0.5, accuracyInterval: wilsonInterval(0.5, 4) },
  ]);
});

it('computes the accuracy with its interval and counts the notes', async () => {
  const report = await evaluate(records, scripted(results));
  expect(report).toMatchObject({ n: 6, accuracy: 0.5, lowConfidence: 1, llmUnavailable: 1 });
  const [low, high] = report.accuracyInterval;
  expect([low, high]).toEqual([expect.closeTo(0.188, 3), expect.closeTo(0.812, 3)]);
});

it('measures calibration on the lines that kept the embedding tier’s label', async () => {
  const { embeddingEce, reliability, labelReliability } = await evaluate(records, scripted(results));
  expect(embeddingEce).toBeCloseTo((0.1 + 0.8 + 0.3) / 3);
  expect(reliability.map(({ lines }) => lines)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
  expect(labelReliability.reduce((sum, { lines }) => sum + lines, 0)).toBe(3);
  const rulesOnly = await evaluate(records.slice(0, 2), scripted(results));
  expect(rulesOnly.embeddingEce).toBeNull();
  expect(rulesOnly.labelReliability).toEqual([]);
});

it('counts lines below the threshold as not covered, with any note', async () => {
  const unsure = { ...embedding('Unclassified', 0.3), note: 'llm-unavailable' } as const;
  const report = await evaluate(records, scripted({ ...results, 'for the LLM': unsure }));
  expect(report).toMatchObject({ lowConfidence: 2, llmUnavailable: 1 });
  expect(report.riskCoverage).toMatchObject({ lines: 4, withheld: 2, threshold: 0.5 });
  expect(report.riskCoverage.curve.at(-1)).toEqual({ confidence: 0.8, lines: 2, coverage: 0.5, risk: 0.5 });
});

it('names the head and has figures for each source', async () => {
  const { head, sources, otherSources } = await evaluate(records, scripted(results));
  expect(head).toEqual({ version: 'v1', threshold: 0.5 });
  expect(sources).toMatchObject([{ source: 'S', lines: 6, accuracy: 0.5 }]);
  expect(otherSources).toBeNull();
});

it('cuts the message of a mistake to 300 characters', async () => {
  const long = records.slice(0, 1).map((record) => ({ ...record, message: 'x'.repeat(1000) }));
  const { worstMistakes } = await evaluate(long, scripted(results));
  expect(worstMistakes[0]?.message).toBe(`${'x'.repeat(299)}…`);
});

it('lists mistakes, the most confident first', async () => {
  const { worstMistakes } = await evaluate(records, scripted(results));
  expect(worstMistakes.map(({ message }) => message)).toEqual(['rule wrong', 'sure and wrong', 'not sure']);
  expect(worstMistakes[0]).toEqual({
    ...rule('B'),
    line: 3,
    source: 'S',
    message: 'rule wrong',
    expected: 'A',
  });
});

it('classifies in batches with one session and reports progress', async () => {
  const many = Array.from({ length: 450 }, (_, index) => ({ ...records[0], line: index }) as LabelledRecord);
  const classifier = scripted(results);
  const seen: number[] = [];
  const report = await evaluate(many, classifier, (done) => seen.push(done));
  expect(report.n).toBe(450);
  expect(classifier.batches).toEqual([200, 200, 50]);
  expect(seen).toEqual([200, 400, 450]);
});

it('formats the report as text', async () => {
  const text = evaluationText(await evaluate(records, scripted(results)));
  expect(text).toContain('accuracy                                  50.0 % (95 %: 18.8 % to 81.2 %)');
  expect(text).toMatch(/A +100\.0 % +50\.0 % +0\.667 +6\n/);
  expect(text).toMatch(/1 A +3 +2 +1\n/);
  expect(text).toMatch(/rule +2 +33\.3 % +50\.0 %\n/);
  expect(text).toMatch(/label +lines +mean confidence +right\nA +2 +\d+\.\d % +\d+\.\d %\n/);
  expect(text).toContain('line 3: B instead of A (rule r1 1.00)\n    S: rule wrong');
});

it('prints ten mistakes; the report has more', async () => {
  const many = Array.from({ length: 60 }, (_, line): LabelledRecord => {
    return { source: 'S', message: 'rule wrong', label: 'A', line };
  });
  const report = await evaluate(many, scripted(results));
  expect(report.worstMistakes).toHaveLength(50);
  expect(evaluationText(report).match(/^line /gm)).toHaveLength(10);
});

it('limits text and report if there are thousands of labels', async () => {
  const many = Array.from({ length: 3000 }, (_, line): LabelledRecord => {
    return { source: 'S', message: 'rule wrong', label: `label ${line}`, line };
  });
  const report = await evaluate(many, scripted(results));
  expect(report.perLabel).toHaveLength(3001);
  expect(report.confusion).toMatchObject({ rare: 2962 });
  const text = evaluationText(report);
  expect(text).toContain("and 2961 rarer labels, see the report's files");
  expect(text.length).toBeLessThan(30_000);
  expect(JSON.stringify(report).length).toBeLessThan(1_000_000);
});

it('names the labels of the data that the head lacks', async () => {
  const labels = [
    'A',
    'C',
    'D',
    'D',
    'Unclassified',
    ...Array.from({ length: 12 }, (_, index) => `E${index}`),
  ];
  const some = labels.map((label, line): LabelledRecord => ({
    source: 'S',
    message: 'rule right',
    label,
    line,
  }));
  const report = await evaluate(some, scripted(results));
  expect(report.unknownLabels).toMatchObject({ labels: 14, lines: 15 });
  expect(report.unknownLabels.names.slice(0, 3)).toEqual(['D', 'C', 'E0']);
  expect(evaluationText(report)).toMatch(
    /does not know these labels of the data: D, C, E0, .*E7 and 4 more\./,
  );
  const known = await evaluate(records, scripted(results));
  expect(known.unknownLabels).toEqual({ labels: 0, lines: 0, names: [] });
  expect(evaluationText(known)).not.toContain('does not know');
});

it('has no list of mistakes if there are none', async () => {
  const text = evaluationText(await evaluate(records.slice(0, 1), scripted(results)));
  expect(text).not.toContain('mistakes');
});

it('counts the lines that the head was trained on', async () => {
  const records = ['learnt', 'new'].map((message) => ({ source: 'A', message, label: 'Error', line: 2 }));
  const report = await evaluate(records, scripted({}));
  expect(report.learnt).toBe(1);
});
