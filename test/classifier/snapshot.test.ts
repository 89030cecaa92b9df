import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { HeadFileError, type Head } from '../../src/classifier/embedding/head.js';
import { openSnapshot } from '../../src/classifier/snapshot.js';
import { LabelFileError } from '../../src/classifier/labels.js';
import { RuleFileError } from '../../src/classifier/rules/rule-file.js';
import { startGroqStandIn, STAND_IN_KEY } from '../support/groq-stand-in.js';
import { countWatches, snapshotParts, headOf, labelsText, rulesText } from './snapshot-parts.js';

const head = headOf(['Fine', 'Broken']);

it('opens catalogue, rules and tiers for the labels of a head', async () => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  const { catalogue, rules, embedding, llmSources } = await openSnapshot(headOf(['Fine', 'Odd']), parts);
  expect([...catalogue.names]).toEqual(['Fine', 'Broken', 'Lost', 'Odd']);
  expect(rules.current.match('zork')?.label).toBe('Fine');
  expect(embedding.head.labels).toEqual(['Fine', 'Odd']);
  expect([...llmSources]).toEqual(['legacycrm']);
});

it('reuses rules and LLM tier for the same labels in another order', async () => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  const before = await openSnapshot(head, parts);
  const next = await openSnapshot(headOf(['Broken', 'Fine'], { threshold: 0.6 }), parts, before);
  expect(next.rules).toBe(before.rules);
  expect(next.llm).toBe(before.llm);
  expect(next.embedding).not.toBe(before.embedding);
  expect(next.embedding.head.threshold).toBe(0.6);
});

it.each([
  ['the head has other labels of the same catalogue', ['Fine', 'Lost'], ['Fine', 'Broken', 'Lost']],
  ['the head has labels that the catalogue lacks', ['Fine', 'Odd'], ['Fine', 'Broken', 'Lost']],
  ['the order of the label file changes', ['Fine', 'Broken'], ['Broken', 'Fine', 'Lost']],
])('opens new rules and a new LLM tier when %s', async (_, labels, described) => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  const before = await openSnapshot(head, parts);
  await writeFile(parts.labelsFile, labelsText(described));
  const next = await openSnapshot(headOf(labels), parts, before);
  expect(next.rules).not.toBe(before.rules);
  expect(next.llm).not.toBe(before.llm);
});

it.each([
  ['encoder', { encoder: { id: 'other', dimension: 1 } }],
  ['template version', { templateVersion: 99 }],
])('refuses a head for another %s, both first and later', async (_, options) => {
  const watches = countWatches();
  const parts = await snapshotParts({ withRules: true });
  const other = headOf(['Fine', 'Lost'], options);
  await expect(openSnapshot(other, parts)).rejects.toThrow(HeadFileError);
  expect(watches()).toBe(0);
  const before = await openSnapshot(head, parts);
  await expect(openSnapshot(other, parts, before)).rejects.toThrow(HeadFileError);
  expect(watches()).toBe(1);
});

it('refuses labels and rules that cannot be used', async () => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  await writeFile(parts.rulesFile, rulesText('Unheard of'));
  await expect(openSnapshot(head, parts)).rejects.toThrow(RuleFileError);
  await writeFile(parts.labelsFile, '{');
  await expect(openSnapshot(head, parts)).rejects.toThrow(LabelFileError);
});

it('watches the rule file only if `watch` is true', async () => {
  const watches = countWatches();
  const parts = await snapshotParts({ withRules: true });
  await openSnapshot(head, { ...parts, options: { ...parts.options, watch: false } });
  expect(watches()).toBe(0);
  const { rules } = await openSnapshot(head, parts);
  expect(watches()).toBe(1);
  rules.close();
  expect(watches()).toBe(0);
});

it('neither uses nor watches the built-in rules when the head lacks their labels', async () => {
  const watches = countWatches();
  const parts = await snapshotParts();
  const { rules } = await openSnapshot(head, parts);
  expect(rules.current.rules).toEqual([]);
  rules.close();
  expect(parts.logger.lines).toEqual([
    {
      level: 'warn',
      details: { headFile: parts.headFile, labelsNotInHead: expect.arrayContaining(['Error']) as unknown },
      message: expect.stringContaining('built-in rules are off') as unknown,
    },
  ]);
  expect(watches()).toBe(0);
  const known = await openSnapshot(headOf(BUILT_IN), parts);
  expect(known.rules.current.rules.length).toBeGreaterThan(0);
});

it('stores predictions in CACHE_DIR separately for each head and encoder fingerprint', async () => {
  countWatches();
  const parts = await snapshotParts();
  const cacheDir = join(parts.headFile, '..', 'cache');
  const config = { ...parts.config, cacheDir };
  /** How often a new snapshot encodes the template. */
  const encodings = async (of: Head): Promise<number> => {
    const asked = parts.encoder.asked.length;
    const { embedding } = await openSnapshot(of, { ...parts, config });
    await embedding.classify(['a template'], { priority: 'bulk', signal: undefined });
    await embedding.flush();
    return parts.encoder.asked.length - asked;
  };
  expect([await encodings(head), await encodings(head)]).toEqual([1, 0]);
  const others = [headOf(['Fine', 'Broken'], { threshold: 0.6 }), headOf(['Fine', 'Lost'])];
  for (const other of others) expect([await encodings(other), await encodings(other)]).toEqual([1, 0]);
  parts.encoder.fingerprint = 'another processor';
  expect([await encodings(head), await encodings(head)]).toEqual([1, 0]);
  expect(await readdir(cacheDir)).toHaveLength(4);
  expect(parts.logger.of('warn').filter((text) => text.includes('stored'))).toEqual([]);
});

it('logs where predictions are stored and how many, or why they are not', async () => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  const dir = join(parts.headFile, '..', 'cache');
  await openSnapshot(head, { ...parts, config: { ...parts.config, cacheDir: dir } });
  await openSnapshot(head, { ...parts, config: { ...parts.config, cacheDir: parts.labelsFile } });
  const [kept, lost] = parts.logger.lines;
  expect(kept).toEqual({ level: 'info', details: { dir, templates: 0 }, message: 'predictions are stored' });
  expect(lost?.level).toBe('warn');
  expect(lost?.message).toBe('predictions are not stored until the next start');
});

it.each([
  ['asks the LLM with its settings', true, STAND_IN_KEY, 'Broken', ['llama']],
  ['does not ask the LLM if the options forbid it', false, STAND_IN_KEY, undefined, []],
  ['does not ask the LLM without a key', true, undefined, undefined, []],
])('%s when a line’s source belongs to the LLM', async (_, llm, groqApiKey, label, models) => {
  countWatches();
  const parts = await snapshotParts({ withRules: true });
  const groq = await startGroqStandIn({ label: () => 'Broken' });
  onTestFinished(() => groq.close());
  const config = {
    ...parts.config,
    groqApiKey,
    groqModel: 'llama',
    groqBaseUrl: groq.url,
    llmMaxRequests: 1,
  };
  const options = { ...parts.options, llm };
  const snapshot = await openSnapshot(head, { ...parts, config, options });
  const session = snapshot.llm.openSession({});
  expect(await session.classify([{ source: 'CRM', message: 'no owner' }])).toEqual([label]);
  expect(await session.classify([{ source: 'CRM', message: 'one request is allowed' }])).toEqual([undefined]);
  expect(groq.requests.map(({ body }) => body.model)).toEqual(models);
});

const BUILT_IN = [
  'HTTP Status',
  'Security Alert',
  'Critical Error',
  'Error',
  'Resource Usage',
  'System Notification',
  'User Action',
  'Workflow Error',
  'Deprecation Warning',
  'Unclassified',
];
