import { createClassifier } from './classifier.js';
import { NO_CORRECTIONS } from './corrections/correction-set.js';
import type { Corrections } from './corrections/corrections.js';
import { EncodeQueue } from './embedding/encode-queue.js';
import { openEncoderPool } from './embedding/encoder-pool.js';
import type { Encoder } from './embedding/encoder.js';
import { loadHead, type Head } from './embedding/head.js';
import { watchSnapshot } from './snapshot-watcher.js';
import {
  llmKey,
  openRules,
  openSnapshot,
  snapshotVersion,
  type ClassifierConfig,
  type ClassifierOptions,
  type Rules,
} from './snapshot.js';
import { loadLabels, withLabels, type LabelCatalogue } from './labels.js';
import { createPossibleLabels } from './possible-labels.js';
import type { RuleSet } from './rules/rule-set.js';
import type { Classifier } from './types.js';

/** A classifier that is ready to use. Its properties show the parts of the current snapshot. */
export interface OpenClassifier extends Classifier {
  /** The version of a session that starts now. */
  readonly version: string;
  readonly catalogue: LabelCatalogue;
  /** The labels that lines can get now, see createPossibleLabels. */
  readonly possibleLabels: LabelCatalogue;
  readonly head: Head;
  readonly rules: RuleSet;
  readonly encoder: Encoder;
  /** Whether lines may be sent to the LLM: it is allowed and has a key. */
  readonly llm: boolean;
}

/** Options of a complete classifier. */
export interface OpenOptions extends ClassifierOptions {
  /** Labels that people gave to templates. Default: none. */
  corrections?: Corrections | undefined;
}

/**
 * Opens labels, head, rules, encoder and LLM tier, and checks them against each other.
 * @throws LabelFileError, HeadFileError, RuleFileError or EncoderError, with a message that says how to fix it
 */
export async function openClassifier(
  config: ClassifierConfig,
  options: OpenOptions,
): Promise<OpenClassifier> {
  const head = await loadHead(config.headFile);
  // The encoder opens in its threads while this one compiles the rules.
  const opening = openEncoder(config, options);
  // Awaited later. Until then, a rejection must not count as unhandled.
  opening.catch(() => undefined);
  const rules = await closingOnError(opening, () => openRulesOf(head, config, options));
  const encoder = await closingOnError(Promise.resolve(rules), () => opening);
  const shared = { config, options, encoder, queue: new EncodeQueue(encoder) };
  const first = closingOnError(opening, () => openSnapshot(head, shared, undefined, rules));
  const inUse = { current: await closingOnError(Promise.resolve(rules), () => first) };
  const watcher = options.watch ? watchSnapshot(shared, inUse) : undefined;
  const llm = llmKey(config, options) !== undefined;
  const possibleLabels = createPossibleLabels(llm);
  const corrections = () =>
    options.corrections?.setFor(possibleLabels(inUse.current).names) ?? NO_CORRECTIONS;
  const close = async (): Promise<void> => {
    watcher?.close();
    inUse.current.rules.close();
    await encoder.close();
    await inUse.current.embedding.flush();
  };
  return {
    ...createClassifier(inUse, close, corrections),
    get version() {
      return snapshotVersion(inUse.current);
    },
    get catalogue() {
      return inUse.current.catalogue;
    },
    get possibleLabels() {
      return possibleLabels(inUse.current);
    },
    get head() {
      return inUse.current.embedding.head;
    },
    get rules() {
      return inUse.current.rules.current;
    },
    encoder,
    llm,
  };
}

function openEncoder(
  { encoderDir, encoderThreads }: ClassifierConfig,
  options: ClassifierOptions,
): Promise<Encoder> {
  return options.openEncoder?.() ?? openEncoderPool({ dir: encoderDir, threads: encoderThreads });
}

async function openRulesOf(head: Head, config: ClassifierConfig, options: ClassifierOptions): Promise<Rules> {
  const catalogue = withLabels(await loadLabels(config.labelsFile), head.labels);
  return await openRules({ config, options }, head, catalogue);
}

/** Does some work, and closes what was opened before if the work fails. What could not be opened needs no closing. */
async function closingOnError<T>(
  opened: Promise<{ close: () => unknown }>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await opened.then(
      (part) => part.close(),
      () => undefined,
    );
    throw error;
  }
}
