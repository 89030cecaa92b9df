import type { Config } from '../config.js';
import { openConfiguredRules } from './configured-rules.js';
import type { EncodeQueue } from './embedding/encode-queue.js';
import { EmbeddingTier } from './embedding/embedding-tier.js';
import type { Encoder } from './embedding/encoder.js';
import { openPredictionStore } from './embedding/prediction-store.js';
import { assertHeadFits, type Head } from './embedding/head.js';
import { loadLabels, withLabels, type LabelCatalogue } from './labels.js';
import { createLlmTier, type LlmTier } from './llm/llm-tier.js';
import type { RuleBook } from './rules/rule-book.js';
import { emptyRuleSet } from './rules/rule-set.js';
import { toSourceKey } from './source-key.js';
import { TEMPLATE_VERSION, toTemplate } from './template/template.js';
import type { Logger } from './types.js';
import { versionOf } from './version-of.js';

/** Limits of the LLM tier that have no setting. */
const LLM_LIMITS = {
  retries: 2,
  templatesPerRequest: 20,
  concurrency: 4,
  cacheEntries: 20_000,
  breakerFailures: 5,
  breakerPauseMs: 60_000,
};

/** The settings that the classifier uses. */
export type ClassifierConfig = Pick<
  Config,
  | 'cacheMaxBytes'
  | 'cacheDir'
  | 'encoderDir'
  | 'encoderThreads'
  | 'headFile'
  | 'labelsFile'
  | 'rulesFile'
  | 'llmSources'
  | 'groqApiKey'
  | 'groqModel'
  | 'groqBaseUrl'
  | 'llmTimeoutMs'
  | 'llmDeadlineMs'
  | 'llmMaxRequests'
>;

/** Options set by the caller, not by the environment. */
export interface ClassifierOptions {
  logger: Logger;
  /** Whether lines may be sent to the LLM. If false, the API key is not used. */
  llm: boolean;
  /** Whether edits of the head, rule and label files take effect while the classifier is open. */
  watch: boolean;
  /** Opens the encoder. Default: a pool of worker threads with the encoder in `encoderDir`. */
  openEncoder?: () => Promise<Encoder>;
}

/** What all snapshots of a classifier share. */
export interface SharedParts {
  readonly config: ClassifierConfig;
  readonly options: ClassifierOptions;
  readonly encoder: Encoder;
  readonly queue: EncodeQueue;
}

/** The rules in use, and how to stop watching their file. */
export type Rules = Pick<RuleBook, 'current' | 'close'>;

/**
 * Head, rules, label catalogue, caches and LLM prompt that belong together. All depend on the head's labels, so a new
 * head needs a new snapshot.
 */
export interface ClassifierSnapshot {
  readonly catalogue: LabelCatalogue;
  readonly rules: Rules;
  readonly embedding: EmbeddingTier;
  readonly llm: LlmTier;
  /** The sources whose lines go to the LLM, as returned by `toSourceKey`. */
  readonly llmSources: ReadonlySet<string>;
  readonly encoder: Encoder;
}

/**
 * Returns 16 hex digits that identify everything that labels depend on apart from the lines: head, rules, label
 * catalogue and encoder. Equal files can have different versions on different kinds of processor, because the last bits of the
 * embeddings differ.
 */
export function snapshotVersion({ rules, embedding, catalogue, encoder }: ClassifierSnapshot): string {
  const parts = [
    embedding.head.version,
    rules.current.version,
    catalogue.version,
    encoder.id,
    encoder.fingerprint,
  ];
  return versionOf(JSON.stringify(parts));
}

/**
 * Opens the snapshot of a head.
 * @param previous the current snapshot: its rules and LLM tier are reused if the labels are the same
 * @param opened rules of this head and the label file that are open already
 * @throws HeadFileError, LabelFileError or RuleFileError, with a message that says how to fix it
 */
export async function openSnapshot(
  head: Head,
  shared: SharedParts,
  previous?: ClassifierSnapshot,
  opened?: Rules,
): Promise<ClassifierSnapshot> {
  const { config, encoder } = shared;
  assertHeadFits(head, encoder, TEMPLATE_VERSION);
  const fileCatalogue = await loadLabels(config.labelsFile);
  const catalogue = withLabels(fileCatalogue, head.labels);
  const reusable = previous && hasSameLabels(previous, { head, catalogue }) ? previous : undefined;
  return {
    catalogue,
    encoder,
    rules: opened ?? reusable?.rules ?? (await openRules(shared, head, catalogue)),
    embedding: await openEmbeddingTier(head, shared),
    llm: reusable?.llm ?? openLlmTier(shared, catalogue),
    llmSources: new Set(config.llmSources.map(toSourceKey)),
  };
}

/** Compares all that rules and LLM tier depend on: the catalogue and the set of the head's labels. */
function hasSameLabels(
  previous: ClassifierSnapshot,
  { head, catalogue }: { head: Head; catalogue: LabelCatalogue },
): boolean {
  const sorted = (labels: readonly string[]): string => JSON.stringify([...labels].sort());
  return (
    previous.catalogue.version === catalogue.version &&
    sorted(previous.embedding.head.labels) === sorted(head.labels)
  );
}

/** Returns the LLM's API key, or undefined if none is set or lines may not be sent to the LLM. */
export function llmKey(config: ClassifierConfig, options: ClassifierOptions): string | undefined {
  return options.llm ? config.groqApiKey : undefined;
}

async function openEmbeddingTier(
  head: Head,
  { config: { cacheDir: dir, cacheMaxBytes }, options: { logger }, encoder, queue }: SharedParts,
): Promise<EmbeddingTier> {
  if (dir === undefined) return new EmbeddingTier(queue, head, { cacheMaxBytes });
  const store = await openPredictionStore({
    dir,
    // The head's file contains the encoder id and the template version, so its version covers both.
    origin: [encoder.fingerprint, head.version],
    labels: head.labels,
    onProblem: (problem) => logger.warn(problem, 'predictions are not stored until the next start'),
  });
  logger.info({ dir, templates: store.size }, 'predictions are stored');
  return new EmbeddingTier(queue, head, { cacheMaxBytes, store });
}

function openLlmTier({ config, options }: SharedParts, catalogue: LabelCatalogue): LlmTier {
  return createLlmTier(
    {
      ...LLM_LIMITS,
      apiKey: llmKey(config, options),
      baseUrl: config.groqBaseUrl,
      model: config.groqModel,
      timeoutMs: config.llmTimeoutMs,
      deadlineMs: config.llmDeadlineMs,
      maxRequests: config.llmMaxRequests,
    },
    catalogue,
    { logger: options.logger, toTemplate },
  );
}

/** Opens the rules that apply with a head: none if the head lacks labels of the built-in ones. @throws RuleFileError */
export async function openRules(
  { config, options }: Pick<SharedParts, 'config' | 'options'>,
  head: Head,
  catalogue: LabelCatalogue,
): Promise<Rules> {
  const labels = { catalogue, headLabels: head.labels };
  const { book, labelsNotInHead } = await openConfiguredRules(config, labels, options);
  if (labelsNotInHead.length === 0) return book;
  book.close();
  options.logger.warn(
    { headFile: config.headFile, labelsNotInHead },
    'built-in rules are off: the head does not know their labels; set RULES_FILE to use rules',
  );
  return { current: emptyRuleSet(), close: () => undefined };
}
