import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rowAt, writePlan, writeSample } from '../../scripts/bench/data.mjs';
import { ALL_TEMPLATES, messageOf } from '../../scripts/bench/messages.mjs';
import { loadLabels } from '../../src/classifier/labels.js';
import { compileRules } from '../../src/classifier/rules/rule-set.js';
import { toTemplate } from '../../src/classifier/template/template.js';
import { builtInRulesFile, loadConfig } from '../../src/config.js';

const PLAN = { rows: 20_000, templates: 1500, ruleShare: 0.25, length: 100, firstTemplate: 4000 };
const rowsOf = (plan: typeof PLAN) => Array.from({ length: plan.rows }, (_, row) => rowAt(plan, row));
const templatesOf = (plan: typeof PLAN) =>
  new Set(
    rowsOf(plan)
      .filter(({ byRule }) => !byRule)
      .map(({ message }) => toTemplate(message)),
  );

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'bench-data-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

describe('the log lines of the bench', () => {
  it.each([60, 100, 400])(
    'have exactly the requested number of templates, with messages of %d characters',
    (length) => {
      expect(templatesOf({ ...PLAN, length }).size).toBe(PLAN.templates);
    },
  );

  it('have the requested number of templates if messages exceed the 4,096 characters of a template', () => {
    const plan = { ...PLAN, rows: 300, templates: 30, length: 6000 };
    expect(templatesOf(plan).size).toBe(30);
  });

  it('share no template with a plan that starts at a later template', () => {
    const one = templatesOf(PLAN);
    const other = templatesOf({ ...PLAN, firstTemplate: PLAN.firstTemplate + PLAN.templates });
    expect([...one].filter((template) => other.has(template))).toEqual([]);
  });

  it('match several built-in rules in the requested share of rows, and none in the other rows', async () => {
    const { names } = await loadLabels(loadConfig({}).labelsFile);
    const rules = compileRules(await readFile(builtInRulesFile, 'utf8'), {
      file: builtInRulesFile,
      labels: names,
    });
    const rows = rowsOf({ ...PLAN, rows: 4000 });
    const hits = rows.map(({ message }) => rules.match(message)?.id);
    expect(hits.map((hit) => hit !== undefined)).toEqual(rows.map(({ byRule }) => byRule));
    expect(hits.filter((hit) => hit !== undefined)).toHaveLength(1000);
    expect(new Set(hits).size).toBeGreaterThan(8);
  });

  it('rarely repeat, have about the requested length, and need quotes in one of ten rows', () => {
    const plain = rowsOf(PLAN).filter(({ byRule }) => !byRule);
    const messages = plain.map(({ message }) => message);
    const mean = messages.reduce((sum, { length }) => sum + length, 0) / messages.length;
    const withComma = messages.filter((message) => message.includes(',')).length / messages.length;
    expect(new Set(messages).size).toBeGreaterThan(0.999 * messages.length);
    expect(mean).toBeGreaterThan(80);
    expect(mean).toBeLessThan(120);
    expect(withComma).toBeCloseTo(0.1, 1);
    expect(plain.some(({ source }) => source === 'LegacyCRM')).toBe(false);
  });

  it('give the same CSV each time, with every row unchanged', async () => {
    const dir = await folder();
    await writePlan(join(dir, 'a.csv'), PLAN);
    await writePlan(join(dir, 'b.csv'), PLAN);
    const text = await readFile(join(dir, 'a.csv'), 'utf8');
    expect(await readFile(join(dir, 'b.csv'), 'utf8')).toBe(text);
    const read = Papa.parse<Record<string, string>>(text.trimEnd(), { header: true }).data;
    const written = rowsOf(PLAN).map(({ source, message }) => ({ source, log_message: message }));
    expect(read).toEqual(written);
  });

  it('give a sample spread over the whole file', async () => {
    const file = join(await folder(), 'sample.csv');
    await writeSample(file, PLAN, 4);
    const read = Papa.parse<string[]>((await readFile(file, 'utf8')).trimEnd()).data.slice(1);
    expect(read.map(([, message]) => message)).toEqual(
      [0, 5000, 10_000, 15_000].map((row) => rowAt(PLAN, row).message),
    );
  });

  it('are refused if there are more templates than rows', async () => {
    const written = writePlan(join(await folder(), 'no.csv'), { ...PLAN, rows: 1800 });
    await expect(written).rejects.toThrow('1500 templates do not fit into 1350 lines');
    expect(() => messageOf(ALL_TEMPLATES, 0, 100)).toThrow(RangeError);
  });
});
