import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabels } from '../../src/classifier/labels.js';
import { toTemplate } from '../../src/classifier/template/template.js';
import { loadConfig } from '../../src/config.js';
import { readLabelledFile, type LabelledFile } from '../../src/labelled-data/labelled-csv.js';
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
  it('have no duplicates, no template with two labels, and no rare or undescribed label', () => {
    expect(dataset.warnings).toEqual([]);
    expect(dataset.examples).toHaveLength(file.records.length);
  });

  it('have at least 4,000 templates and 60 families', () => {
    expect(dataset.examples.length).toBeGreaterThanOrEqual(4000);
    expect(new Set(dataset.examples.map(({ group }) => group)).size).toBeGreaterThanOrEqual(60);
  });

  it('have at least 200 templates and six families for each label', () => {
    expect(dataset.labels).toEqual([...known].sort());
    for (const [index, label] of dataset.labels.entries()) {
      const ofLabel = dataset.examples.filter((example) => example.label === index);
      expect(ofLabel.length, label).toBeGreaterThanOrEqual(200);
      expect(new Set(ofLabel.map(({ group }) => group)).size, label).toBeGreaterThanOrEqual(6);
    }
  });

  it('share no template with the chatter used for measuring', async () => {
    const chatter = await readLabelledFile(projectFile('test/data/chatter.csv'), config);
    const templates = new Set(dataset.examples.map(({ template }) => template.toLowerCase()));
    const shared = chatter.records.filter(({ message }) => templates.has(toTemplate(message).toLowerCase()));
    expect(shared.map(({ message }) => message)).toEqual([]);
  });
});
