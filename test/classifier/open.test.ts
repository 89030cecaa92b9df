import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { Corrections } from '../../src/classifier/corrections/corrections.js';
import { HeadFileError } from '../../src/classifier/embedding/head.js';
import { LabelFileError } from '../../src/classifier/labels.js';
import { openClassifier, type OpenClassifier } from '../../src/classifier/open.js';
import { RuleFileError } from '../../src/classifier/rules/rule-file.js';
import { loadConfig } from '../../src/config.js';
import { headText } from '../support/head-text.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { countWatches, snapshotParts, rulesText } from './snapshot-parts.js';

/** Arguments of openClassifier with a fake encoder. `opened` counts the encoders opened. */
async function classifierParts(head = headText(['Fine', 'Broken'])) {
  const parts = await snapshotParts({ withRules: true });
  await writeFile(parts.headFile, head);
  let opened = 0;
  const open = ({
    groqApiKey,
    ...changes
  }: {
    watch?: boolean;
    llm?: boolean;
    groqApiKey?: string;
    corrections?: Corrections;
  } = {}): Promise<OpenClassifier> =>
    openClassifier(
      { ...loadConfig({}), ...parts.config, groqApiKey },
      {
        ...parts.options,
        ...changes,
        openEncoder: () => {
          opened += 1;
          return Promise.resolve(parts.encoder);
        },
      },
    );
  return { ...parts, open, opened: () => opened };
}

it('opens a classifier and shows its parts', async () => {
  countWatches();
  const { open, encoder } = await classifierParts();
  const classifier = await open();
  expect([...classifier.catalogue.names]).toEqual(['Fine', 'Broken', 'Lost']);
  expect(classifier.head.labels).toEqual(['Fine', 'Broken']);
  expect(classifier.rules.rules).toHaveLength(1);
  expect(classifier.encoder).toBe(encoder);
  expect(classifier.llm).toBe(false);
  expect(classifier.version).toBe(classifier.session().version);
  expect(await classifier.classify([{ source: 'A', message: 'zork' }])).toMatchObject([{ label: 'Fine' }]);
});

it.each([
  [true, 'with a key', 'gsk_any', true],
  [true, 'without one', undefined, false],
  [false, 'with a key', 'gsk_any', false],
])('shows whether the LLM may be asked: allowed %s, %s', async (llm, _, groqApiKey, expected) => {
  countWatches();
  const { open } = await classifierParts();
  const classifier = await open({ llm, ...(groqApiKey !== undefined && { groqApiKey }) });
  expect(classifier.llm).toBe(expected);
});

/** Opens a classifier whose head has Fine, whose rule has Broken, and whose label file has Fine, Broken and Lost. */
async function openWithLabels(options: { llm?: boolean; llmSources?: string[]; groqApiKey?: string }) {
  countWatches();
  const { llm = true, ...settings } = options;
  const parts = await snapshotParts({ withRules: true });
  await writeFile(parts.headFile, headText(['Fine', 'Other']));
  await writeFile(parts.rulesFile, rulesText('Broken'));
  return openClassifier(
    { ...loadConfig({}), ...parts.config, ...settings },
    { ...parts.options, llm, openEncoder: () => Promise.resolve(parts.encoder) },
  );
}

it.each([
  ['without a key', { llmSources: ['A'] }],
  ['if the LLM may not be used', { llmSources: ['A'], groqApiKey: 'gsk_any', llm: false }],
  ['without sources for the LLM', { llmSources: [], groqApiKey: 'gsk_any' }],
])('lists the labels of head and rules and Unclassified %s', async (_, options) => {
  const classifier = await openWithLabels(options);
  const { labels } = classifier.possibleLabels;
  expect(labels.map(({ name }) => name)).toEqual(['Fine', 'Broken', 'Other', 'Unclassified']);
  expect(labels[1]?.definition).toBe('Broken');
  expect(classifier.possibleLabels).toBe(classifier.possibleLabels);
});

it('lists all labels of the catalogue if lines can go to the LLM', async () => {
  const { possibleLabels } = await openWithLabels({ llmSources: ['A'], groqApiKey: 'gsk_any' });
  expect([...possibleLabels.names]).toEqual(['Fine', 'Broken', 'Lost', 'Other', 'Unclassified']);
});

it('does not open the encoder when the head cannot be read', async () => {
  const { open, opened } = await classifierParts('{');
  await expect(open()).rejects.toThrow(HeadFileError);
  expect(opened()).toBe(0);
});

it.each([
  [
    'the head needs another template version',
    { head: headText(['A', 'B'], { templateVersion: 99 }) },
    HeadFileError,
  ],
  ['the labels cannot be used', { labels: '{' }, LabelFileError],
  ['the rules cannot be used', { rules: rulesText('Unheard of') }, RuleFileError],
])('closes the encoder when %s', async (_, { head, labels, rules }: Record<string, string>, kind) => {
  const watches = countWatches();
  const { open, opened, encoder, labelsFile, rulesFile } = await classifierParts(head);
  if (labels !== undefined) await writeFile(labelsFile, labels);
  if (rules !== undefined) await writeFile(rulesFile, rules);
  await expect(open()).rejects.toThrow(kind);
  expect([opened(), encoder.closed]).toEqual([1, true]);
  expect(watches()).toBe(0);
});

it('closes encoder and watchers', async () => {
  const watches = countWatches();
  const { open, encoder } = await classifierParts();
  const classifier = await open({ watch: true });
  await classifier.close();
  expect(encoder.closed).toBe(true);
  expect(watches()).toBe(0);
});

it('loads another head while it is open only if `watch` is true', async () => {
  const { open, headFile, logger } = await classifierParts();
  const reloaded = new Promise<void>((resolve) => {
    logger.info = (_, message) => {
      if (message === 'head reloaded') resolve();
    };
  });
  const [watching, still] = [await open({ watch: true }), await open({ watch: false })];
  const { version } = still;
  expect(watching.version).toBe(version);
  await writeFile(headFile, headText(['Fine', 'Odd']));
  await reloaded;
  expect(watching.head.labels).toEqual(['Fine', 'Odd']);
  expect([...watching.catalogue.names]).toContain('Odd');
  expect(still.head.labels).toEqual(['Fine', 'Broken']);
  expect([watching.version === version, still.version === version]).toEqual([false, true]);
  await Promise.all([watching.close(), still.close()]);
});

it('uses the corrections whose label lines can get', async () => {
  countWatches();
  const { open, headFile } = await classifierParts();
  const corrections = await Corrections.open(dirname(headFile), { logger: new RecordingLogger() });
  const classifier = await open({ corrections });
  await corrections.put({ message: 'zork', label: 'Broken' });
  // The label file has this label, but neither the head nor a rule.
  await corrections.put({ message: 'other', label: 'Lost' });
  expect(
    await classifier.classify([
      { source: 'A', message: 'zork' },
      { source: 'A', message: 'other' },
    ]),
  ).toMatchObject([{ label: 'Broken', tier: 'corrected' }, { tier: 'embedding' }]);
});
