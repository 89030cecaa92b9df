import { describe, expect, it } from 'vitest';
import type { HeadFile } from '../../src/classifier/embedding/head-file.js';
import { parseHead, type Head } from '../../src/classifier/embedding/head.js';
import type { Measurement } from '../../src/classifier/embedding/measurement.js';
import { TEMPLATE_VERSION } from '../../src/classifier/template/template.js';
import type { LabelledRecord } from '../../src/labelled-data/labelled-csv.js';
import { toDataset } from '../../src/training/dataset.js';
import { serialiseHead } from '../../src/training/head-writer.js';
import { seededRandom } from '../../src/math/random.js';
import { trainHead, type Progress } from '../../src/training/train.js';
import { sampleRecords } from './sample-data.js';
import { embeddingOf, WordEncoder } from './word-encoder.js';

const files = ['a'.repeat(64)];

async function train(records = sampleRecords(), seed = 1): Promise<HeadFile> {
  const dataset = toDataset({ records, unlabelled: [] });
  return (await trainHead(dataset, new WordEncoder(), { seed, files })).head;
}

function labelOf(head: Head, text: string): string {
  return head.predict(embeddingOf(text), text).label;
}

it('learns any labels and predicts them for unseen words', async () => {
  const head = parseHead(serialiseHead(await train()), 'head.json');
  expect(head.labels).toEqual(['Backup', 'Failure', 'Login']);
  expect(labelOf(head, 'backup completed for mainframe')).toBe('Backup');
  expect(labelOf(head, 'exception thrown by mainframe')).toBe('Failure');
});

it('stores encoder, template version and training data in the head', async () => {
  expect(await train()).toMatchObject({
    encoder: { id: 'words', dimension: 32 },
    templateVersion: TEMPLATE_VERSION,
    trainedOn: { files, rows: 72, templates: 72, groupedBy: 'source', seed: 1 },
  });
});

it('measures on held-out sources and on held-out templates', async () => {
  const { metrics } = await train();
  expect(metrics.leaveGroupsOut).toMatchObject({ n: 72 });
  expect(metrics.leaveGroupsOut?.accuracy).toBeGreaterThan(0.9);
  expect(metrics.randomSplit.accuracy).toBeGreaterThan(0.9);
});

it('returns the same bytes for the same data and seed', async () => {
  const [first, second] = await Promise.all([train(), train()]);
  expect(serialiseHead(second)).toBe(serialiseHead(first));
});

it('measures a low accuracy for random labels', async () => {
  const random = seededRandom(2);
  const records = sampleRecords().map((record) => ({ ...record, label: random() < 0.5 ? 'A' : 'B' }));
  const { metrics, threshold } = await train(records);
  expect(metrics.leaveGroupsOut?.accuracy).toBeLessThan(0.7);
  expect(threshold).toBeLessThanOrEqual(0.5);
});

it('measures with random folds when all lines come from one source', async () => {
  const records = sampleRecords().map((record) => ({ ...record, source: 'only' }));
  const { metrics } = await train(records);
  expect(metrics.leaveGroupsOut).toBeNull();
  expect(metrics.randomSplit).toMatchObject({ n: 72 });
});

it('learns a label with a single line', async () => {
  const odd: LabelledRecord = { source: 'odd', message: 'the moon is full', label: 'Odd', line: 99 };
  const head = parseHead(serialiseHead(await train([...sampleRecords(), odd])), 'head.json');
  expect(head.labels).toContain('Odd');
  expect(labelOf(head, 'the moon is full')).toBe('Odd');
});

it('holds out complete sources and leaves a label with a single source out of the figures', async () => {
  const odd = ['moon', 'sun', 'sky'].map((thing, index): LabelledRecord => {
    return { source: 'odd', message: `the ${thing} is far`, label: 'Odd', line: 90 + index };
  });
  const [withOdd, without] = [await train([...sampleRecords(), ...odd]), await train()];
  expect(withOdd.labels).toContain('Odd');
  const { leaveGroupsOut, randomSplit } = withOdd.metrics;
  expect(leaveGroupsOut).toMatchObject({ n: 72, recall: { Odd: null } });
  expect(leaveGroupsOut?.accuracy).toBeCloseTo(without.metrics.leaveGroupsOut?.accuracy ?? 0, 1);
  expect(randomSplit).toMatchObject({ n: 75, recall: { Odd: expect.any(Number) as number } });
  // Lines of a label that is never predicted would distort calibration and threshold.
  expect(withOdd.metrics.atThreshold.accuracy).toBeGreaterThan(0.9);
});

it('has no figures for the data if none of its lines can be measured', async () => {
  const odd: LabelledRecord[] = [{ source: 'odd', message: 'the moon is full', label: 'Odd', line: 2 }];
  const dataset = toDataset(
    { records: odd, unlabelled: [] },
    { base: { records: sampleRecords(), unlabelled: [] } },
  );
  const { comparison, noGroupSplit } = await trainHead(dataset, new WordEncoder(), { seed: 1, files });
  expect(comparison).toMatchObject({ groupsHeldOut: undefined, templatesHeldOut: undefined });
  expect(noGroupSplit).toBeUndefined();
});

it('reports the progress of each step up to its end', async () => {
  const seen: Progress[] = [];
  const dataset = toDataset({ records: sampleRecords(), unlabelled: [] });
  await trainHead(dataset, new WordEncoder(), {
    seed: 1,
    files,
    onProgress: (progress) => seen.push(progress),
  });
  for (const step of ['embedding', 'fitting']) {
    const ofStep = seen.filter((progress) => progress.step === step);
    expect(ofStep.at(-1)?.done).toBe(ofStep.at(-1)?.total);
    expect(ofStep.map(({ done }) => done)).toEqual(ofStep.map(({ done }) => done).toSorted((a, b) => a - b));
  }
});

describe('with an encoder that was tuned on the same lines', () => {
  const heldOut: Measurement = {
    labels: ['Backup', 'Failure', 'Login'],
    c: 2,
    temperature: 1.5,
    threshold: 0.21,
    unfamiliar: { knownShare: 0.5, confidence: 0.7 },
    figures: { accuracy: 0.61, macroF1: 0.6, ece: 0.1, n: 72, recall: {} },
    atThreshold: { coverage: 0.99, accuracy: 0.62 },
  };
  const trainTuned = (sha256: string, { measured = heldOut, trainedOn = files } = {}) => {
    const encoder = Object.assign(new WordEncoder(), { tuning: { lines: { sha256 }, heldOut: measured } });
    const dataset = toDataset({ records: sampleRecords(), unlabelled: [] });
    return trainHead(dataset, encoder, { seed: 1, files: trainedOn });
  };

  it('takes C, confidence and figures from what was measured without the families', async () => {
    const { head, usesEncoderFigures } = await trainTuned('a'.repeat(64));
    expect(usesEncoderFigures).toBe(true);
    expect(head).toMatchObject({
      threshold: 0.21,
      unfamiliar: heldOut.unfamiliar,
      calibration: { temperature: 1.5 },
      metrics: { leaveGroupsOut: heldOut.figures, atThreshold: heldOut.atThreshold },
      trainedOn: { c: 2 },
    });
  });

  it('holds out no families itself, which would flatter, but does beside other lines', async () => {
    const alone = await trainTuned('a'.repeat(64));
    expect(alone.comparison.groupsHeldOut).toBeUndefined();
    const beside = await trainTuned('a'.repeat(64), { trainedOn: [...files, 'c'.repeat(64)] });
    expect(beside.comparison.groupsHeldOut?.accuracy).toBeGreaterThan(0.9);
    expect(beside.head.metrics.leaveGroupsOut).toEqual(heldOut.figures);
  });

  it.each([
    { case: 'other lines', sha256: 'b'.repeat(64), measured: heldOut },
    { case: 'other labels', sha256: 'a'.repeat(64), measured: { ...heldOut, labels: ['Other'] } },
  ])('measures itself for $case', async ({ sha256, measured }) => {
    const { head, usesEncoderFigures } = await trainTuned(sha256, { measured });
    expect(usesEncoderFigures).toBe(false);
    expect(head.metrics.leaveGroupsOut?.accuracy).toBeGreaterThan(0.9);
  });
});
