import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { parseHead, type Head } from '../../src/classifier/embedding/head.js';
import type { SharedParts } from '../../src/classifier/snapshot.js';
import { loadConfig } from '../../src/config.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { headText } from '../support/head-text.js';
import { RecordingLogger } from '../support/recording-logger.js';

/** Shared parts with a fake encoder and temporary files. The label file contains Fine, Broken and Lost. */
export async function snapshotParts({ withRules = false } = {}): Promise<
  SharedParts & {
    encoder: FakeEncoder;
    logger: RecordingLogger;
    headFile: string;
    labelsFile: string;
    rulesFile: string;
  }
> {
  const folder = await mkdtemp(join(tmpdir(), 'snapshot-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const inFolder = (name: string): string => join(folder, name);
  const [headFile, labelsFile, rulesFile] = [
    inFolder('head.json'),
    inFolder('labels.json'),
    inFolder('rules.json'),
  ];
  await writeFile(labelsFile, labelsText(['Fine', 'Broken', 'Lost']));
  await writeFile(rulesFile, rulesText('Fine'));
  const encoder = new FakeEncoder();
  const logger = new RecordingLogger();
  return {
    config: { ...loadConfig({}), headFile, labelsFile, rulesFile: withRules ? rulesFile : undefined },
    options: { logger, llm: false, watch: true },
    encoder,
    queue: new EncodeQueue(encoder),
    logger,
    headFile,
    labelsFile,
    rulesFile,
  };
}

/** A head for the fake encoder unless `options` says otherwise. */
export function headOf(labels: readonly string[], options?: Parameters<typeof headText>[1]): Head {
  return parseHead(headText(labels, options), 'head.json');
}

/** The text of a label file with these labels. */
export function labelsText(names: readonly string[]): string {
  return JSON.stringify({ labels: names.map((name) => ({ name, definition: name, examples: [name] })) });
}

/** The text of a rule file with one rule: messages that contain `zork` get this label. */
export function rulesText(label: string): string {
  return JSON.stringify({ rules: [{ id: 'zork', pattern: 'zork', label, examples: ['zork'] }] });
}

/** Fakes timers. Returns a function that counts the running timers: one per watched rule file. */
export function countWatches(): () => number {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return () => vi.getTimerCount();
}
