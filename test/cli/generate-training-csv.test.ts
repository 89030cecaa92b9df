import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabels } from '../../src/classifier/labels.js';
import { toTemplate } from '../../src/classifier/template/template.js';
import { loadConfig } from '../../src/config.js';
import { readLabelledFile, type LabelledFile } from '../../src/labelled-data/labelled-file.js';
import { toDataset, type Dataset } from '../../src/training/dataset.js';
import { projectFile } from '../support/dist.js';

const config = loadConfig({});
let file: LabelledFile;
let dataset: Dataset;
let known: ReadonlySet<string>;

beforeAll(async () => {
  file = await readLabelledFile(projectFile('resources/training_logs.csv'), config);
  known = (await loadLabels(config.labelsFile)).names;
  dataset = toDataset(file, { known });
});

describe('The training lines', () => {
  it('have no duplicate, no template under two labels, no label that is rare or not described', () => {
    expect(dataset.warnings).toEqual([]);
    expect(dataset.examples).toHaveLength(file.records.length);
  });

  it('are 4,000 templates or more of 60 families or more', () => {
    expect(dataset.examples.length).toBeGreaterThanOrEqual(4000);
    expect(new Set(dataset.examples.map(({ group }) => group)).size).toBeGreaterThanOrEqual(60);
  });

  it('have every label in 200 templates or more, from six families or more', () => {
    expect(dataset.labels).toEqual([...known].sort());
    for (const [index, label] of dataset.labels.entries()) {
      const own = dataset.examples.filter((example) => example.label === index);
      expect(own.length, label).toBeGreaterThanOrEqual(200);
      expect(new Set(own.map(({ group }) => group)).size, label).toBeGreaterThanOrEqual(6);
    }
  });

  it('have nothing of the chatter that is kept for measuring', async () => {
    const chatter = await readLabelledFile(projectFile('test/data/chatter.csv'), config);
    const learnt = new Set(dataset.examples.map(({ template }) => template.toLowerCase()));
    const known = chatter.records.filter(({ message }) => learnt.has(toTemplate(message).toLowerCase()));
    expect(known.map(({ message }) => message)).toEqual([]);
  });
});
