import { describe, expect, it } from 'vitest';
import { openEncoderPool } from '../../src/classifier/embedding/encoder-pool.js';
import { parseHeadFile, type HeadFile } from '../../src/classifier/embedding/head-file.js';
import { parseHead, readHeadText } from '../../src/classifier/embedding/head.js';
import { loadConfig } from '../../src/config.js';
import { readLabelledFile } from '../../src/labelled-data/labelled-csv.js';
import { toDataset } from '../../src/training/dataset.js';
import { serialiseHead } from '../../src/training/head-writer.js';
import { trainHead } from '../../src/training/train.js';
import { projectFile, workerFile } from '../support/dist.js';

const config = loadConfig({});

// Some 10,000 inferences, twice, and 21 fits: two minutes at rest, more beside other tests.
const TIME_LIMIT = 600_000;

/** `closeTo` allows half a unit of the last decimal: with so many, 0.01. */
const SHARE_DECIMALS = 2 - Math.log10(2);

/** The same figures, shares to within 0.01: one of a label's 400 templates is 0.0025 of its recall. */
function alike(figures: HeadFile['metrics']): unknown {
  return JSON.parse(JSON.stringify(figures), (_, value: unknown) => {
    // Numbers up to 1 are shares; the others count templates and must be equal.
    const isShare = typeof value === 'number' && value <= 1;
    return isShare ? (expect.closeTo(value, SHARE_DECIMALS) as unknown) : value;
  }) as unknown;
}

describe('The committed head', () => {
  it(
    'is what training on the committed lines gives',
    async () => {
      const file = await readLabelledFile(projectFile('resources/training_logs.csv'), config);
      const dataset = toDataset(file);
      expect(dataset.warnings).toEqual([]);
      const encoder = await openEncoderPool({
        dir: config.encoderDir,
        threads: config.encoderThreads,
        workerFile,
      });
      const { head } = await trainHead(dataset, encoder, { seed: 1, files: [file.sha256] });
      const text = await readHeadText(config.headFile);
      const committed = parseHead(text, config.headFile);
      const content = parseHeadFile(text, config.headFile);
      expect(content.trainedOn).toEqual(head.trainedOn);
      expect(content.metrics).toEqual(alike(head.metrics));
      const again = parseHead(serialiseHead(head), 'trained again');

      // On one kind of processor the bytes are equal; int8 sums may differ in the last digit on another.
      expect(again.threshold).toBeCloseTo(committed.threshold, 2);
      const templates = dataset.examples.map(({ template }) => template);
      const embeddings = await encoder.encode(templates);
      await encoder.close();
      const differing = embeddings.filter((embedding, index) => {
        const template = templates[index] ?? '';
        const [a, b] = [committed.predict(embedding, template), again.predict(embedding, template)];
        return a.label !== b.label || Math.abs(a.confidence - b.confidence) > 0.02;
      });
      expect(differing.length / templates.length).toBeLessThan(0.01);
    },
    TIME_LIMIT,
  );
});
