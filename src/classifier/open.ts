import type { Config } from '../config.js';
import { classifierVersion } from './classifier-version.js';
import { createClassifier } from './classifier.js';
import { EncodeQueue } from './embedding/encode-queue.js';
import { openEncoderPool } from './embedding/encoder-pool.js';
import type { Encoder } from './embedding/encoder.js';
import { loadHead, type Head } from './embedding/head.js';
import { watchSnapshot } from './snapshot-watcher.js';
import {
  llmKey,
  openSnapshot,
  type ClassifierSnapshot,
  type SnapshotOptions,
  type SnapshotParts,
} from './snapshot.js';
import type { LabelCatalogue } from './labels.js';
import type { RuleSet } from './rules/rule-set.js';
import type { Classifier } from './types.js';

type ClassifierConfig = SnapshotParts['config'] & Pick<Config, 'encoderDir' | 'encoderThreads'>;

/** What of the classifier the program that opens it decides, not its settings. */
export interface OpenOptions extends SnapshotOptions {
  /** Whether edits of the rules file and another head take effect while this is open. */
  watch: boolean;
  /** Opens the encoder; tests give another than the pool of `encoderDir`. */
  openEncoder?: () => Promise<Encoder>;
}

/** A classifier that is warm and checked, with what it is made of at this moment. */
export interface OpenClassifier extends Classifier {
  /** Names what a session that begins now would label with. */
  readonly version: string;
  readonly catalogue: LabelCatalogue;
  readonly head: Head;
  readonly rules: RuleSet;
  readonly encoder: Encoder;
  /** Whether the LLM may be asked at all. */
  readonly llm: boolean;
}

/**
 * Opens the whole product: labels, head, rules, encoder, LLM, each checked against the others.
 * @throws LabelFileError, HeadFileError, RuleFileError or EncoderError, with a sentence that says what to do.
 */
export async function openClassifier(
  config: ClassifierConfig,
  options: OpenOptions,
): Promise<OpenClassifier> {
  const openEncoder =
    options.openEncoder ??
    (() => openEncoderPool({ dir: config.encoderDir, threads: config.encoderThreads }));
  const head = await loadHead(config.headFile);
  const encoder = await openEncoder();
  const shared = { config, options, encoder, queue: new EncodeQueue(encoder) };
  let current: ClassifierSnapshot;
  try {
    current = await openSnapshot(head, shared);
  } catch (error) {
    await encoder.close();
    throw error;
  }
  const following = options.watch
    ? watchSnapshot(shared, { get: () => current, set: (next) => (current = next) })
    : undefined;
  const classifier = createClassifier({
    get current() {
      return current;
    },
    close: async () => {
      following?.close();
      current.rules.close();
      await encoder.close();
      await current.embedding.flush();
    },
  });
  return {
    ...classifier,
    get version() {
      return classifierVersion(current);
    },
    get catalogue() {
      return current.catalogue;
    },
    get head() {
      return current.embedding.head;
    },
    get rules() {
      return current.rules.current;
    },
    encoder,
    llm: llmKey(config, options) !== undefined,
  };
}
