import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, projectFile } from '../support/dist.js';
import { publishedStyle, type LabelledRow } from '../support/published-style.js';

// Trains on 700 templates and starts the classifier three times: half a minute on an idle machine.
const TIME_LIMIT = 300_000;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'quality-'));
});
afterAll(() => rm(dir, { recursive: true }));

function run(command: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [program('cli/main.js'), command, ...args], { cwd: dir });
}

async function writeRows(name: string, rows: readonly LabelledRow[]): Promise<string> {
  const file = join(dir, name);
  await writeFile(file, Papa.unparse([['source', 'log_message', 'target_label'], ...rows]));
  return file;
}

/** The figures of `npm run evaluate` on a file. */
async function evaluate(...args: string[]): Promise<{ n: number; accuracy: number }> {
  await run('evaluate', ...args, '--out', join(dir, 'report'));
  const json = await readFile(join(dir, 'report/evaluation.json'), 'utf8');
  return JSON.parse(json) as { n: number; accuracy: number };
}

describe('The command lines', () => {
  it(
    'learn a published-style set: 99 % of the held-out part is right, rare labels cause a warning',
    async () => {
      const { train, heldOut } = publishedStyle();
      const [data, rest, head] = [await writeRows('train.csv', train), await writeRows('rest.csv', heldOut), join(dir, 'head.json')]; // prettier-ignore
      const { stderr } = await run('train', '--data', data, '--out', head);
      expect(stderr).toMatch(/Warning: The label "Workflow Error" has \d distinct templates?, too few/);
      expect(stderr).toMatch(/Warning: The label "Deprecation Warning" has \d distinct templates?, too few/);
      const { n, accuracy } = await evaluate('--data', rest, '--head', head);
      expect(n).toBe(720);
      expect(accuracy).toBeGreaterThanOrEqual(0.99);
    },
    TIME_LIMIT,
  );

  it(
    'label nine of ten unseen lines of chatter Unclassified',
    async () => {
      const { n, accuracy } = await evaluate('--data', projectFile('test/data/chatter.csv'));
      expect(n).toBeGreaterThanOrEqual(200);
      expect(accuracy).toBeGreaterThanOrEqual(0.9);
    },
    TIME_LIMIT,
  );
});
