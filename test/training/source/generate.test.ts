import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadLabels } from '../../../src/classifier/labels.js';
import { loadConfig } from '../../../src/config.js';
import { generateRows, toCsv } from '../../../src/training/source/generate.js';
import { projectFile } from '../../support/dist.js';

const labels = new Set(['Error', 'User Action']);

async function generate(files: Record<string, string>) {
  const dir = await mkdtemp(join(tmpdir(), 'training-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return generateRows(dir, labels);
}

describe('generateRows', () => {
  it('reads all families in the order of their names', async () => {
    const rows = await generate({
      'b.txt': 'source: B\n[Error]\n{Read|Write} failed\n',
      'a.txt': 'source: A\n[User Action]\nshe logged in\n',
    });
    expect(rows.map(({ family, log_message }) => [family, log_message])).toEqual([
      ['a', 'she logged in'],
      ['b', 'Read failed'],
      ['b', 'Write failed'],
    ]);
  });

  it('generates the first row of each template only', async () => {
    const rows = await generate({ 'a.txt': 'source: A\n[Error]\njob 1 failed\njob 2 failed\n' });
    expect(rows).toHaveLength(1);
  });

  it('rejects a template with two labels and names both lines', async () => {
    const made = generate({ 'a.txt': 'source: A\n[Error]\njob 1 ended\n[User Action]\njob 2 ended\n' });
    await expect(made).rejects.toThrow(/a\.txt:5 \[User Action\].*a\.txt:3 \[Error\]/);
  });
});

describe('The training lines', () => {
  it('in resources/training_logs.csv equal those generated from resources/training/', async () => {
    const { names } = await loadLabels(loadConfig({}).labelsFile);
    const rows = await generateRows(projectFile('resources/training'), names);
    expect(await readFile(projectFile('resources/training_logs.csv'), 'utf8')).toBe(toCsv(rows));
  });

  it('of resources/training-next/ can be generated together with them', async () => {
    const { names } = await loadLabels(loadConfig({}).labelsFile);
    const dir = await mkdtemp(join(tmpdir(), 'training-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    const [present, next] = [projectFile('resources/training'), projectFile('resources/training-next')];
    for (const folder of [present, next]) await cp(folder, dir, { recursive: true });
    const added = (await generateRows(dir, names)).length - (await generateRows(present, names)).length;
    expect(added).toBeGreaterThan(1_000);
  });
});
