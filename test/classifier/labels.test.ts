import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabelFileError, loadLabels, withLabels } from '../../src/classifier/labels.js';
import { loadConfig } from '../../src/config.js';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'labels-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function write(content: string): Promise<string> {
  const file = join(dir, 'labels.json');
  await writeFile(file, content);
  return file;
}

const label = { name: 'Error', definition: 'It failed.', examples: ['failed'] };

describe('loadLabels', () => {
  it('loads the ten labels that ship with the product', async () => {
    const { names, labels } = await loadLabels(loadConfig({}).labelsFile);
    expect(names.size).toBe(10);
    expect(labels.every(({ examples }) => examples.length >= 2)).toBe(true);
  });

  it.each([
    ['is not JSON', '{', /labels\.json: is not JSON/],
    ['misses a field', '{"labels":[{"name":"Error"}]}', /definition/],
    ['names a label twice', JSON.stringify({ labels: [label, label] }), /two labels have the name "[^"]+"/],
    ['is empty', '{"labels":[]}', /labels/],
  ])('refuses a file that %s', async (_, content, message) => {
    const file = await write(content);
    await expect(loadLabels(file)).rejects.toThrow(message);
    await expect(loadLabels(file)).rejects.toBeInstanceOf(LabelFileError);
  });

  it('refuses a missing file', async () => {
    await expect(loadLabels(join(dir, 'none.json'))).rejects.toThrow(/none\.json: cannot be read/);
  });
});

describe('withLabels', () => {
  it('adds missing labels before Unclassified and changes the version', async () => {
    const labels = [label, { ...label, name: 'Unclassified' }];
    const catalogue = await loadLabels(await write(JSON.stringify({ labels })));
    const more = withLabels(catalogue, ['Error', 'Mine']);
    expect(more.labels).toEqual([label, { name: 'Mine', definition: '', examples: [] }, labels[1]]);
    expect([...more.names]).toEqual(['Error', 'Mine', 'Unclassified']);
    expect(more.version).not.toBe(catalogue.version);
  });

  it('returns the same catalogue when no label is missing', async () => {
    const catalogue = await loadLabels(await write(JSON.stringify({ labels: [label] })));
    expect(withLabels(catalogue, ['Error'])).toBe(catalogue);
  });
});
