import type { Config } from '../config.js';
import type { EncodeQueue } from './embedding/encode-queue.js';
import { EmbeddingTier } from './embedding/embedding-tier.js';
import type { Encoder } from './embedding/encoder.js';
import { openPredictionStore } from './embedding/prediction-store.js';
import { assertHeadFits, type Head } from './embedding/head.js';
import { openHeadRules } from './head-rules.js';
import { loadLabels, withLabels, type LabelCatalogue } from './labels.js';
import { createLlmTier, type LlmTier } from './llm/llm-tier.js';
import type { RuleBook } from './rules/rule-book.js';
import { emptyRuleSet } from './rules/rule-set.js';
import { TEMPLATE_VERSION, toTemplate } from './template/template.js';
import type { Logger } from './types.js';

/** What of the LLM tier nobody needed to set so far: a failed request is tried twice more. */
const LLM_DEFAULTS = {
  retries: 2,
  templatesPerRequest: 20,
  concurrency: 4,
  cacheEntries: 20_000,
  breakerFailures: 5,
  breakerPauseMs: 60_000,
};

/** What of a generation the program that opens it decides, not its settings. */
export interface SnapshotOptions {
  logger: Logger;
  /** Whether lines may leave the machine; false leaves the key unused. */
  llm: boolean;
  /** Whether edits of the rules file take effect. */
  watch: boolean;
}

/** What every generation is made with. */
export interface SnapshotParts {
  readonly config: Pick<
    Config,
    | 'cacheMaxBytes'
    | 'cacheDir'
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
  readonly options: SnapshotOptions;
  readonly encoder: Encoder;
  readonly queue: EncodeQueue;
}

type Rules = Pick<RuleBook, 'current' | 'close'>;

/**
 * The parts that label lines together. Catalogue, rules, prompt and caches depend on the head's labels, so another head
 * brings another snapshot.
 */
export interface ClassifierSnapshot {
  readonly catalogue: LabelCatalogue;
  readonly rules: Rules;
  readonly embedding: EmbeddingTier;
  readonly llm: LlmTier;
  /** The sources whose lines go to the LLM, each in the form that `toSourceKey` gives. */
  readonly llmSources: ReadonlySet<string>;
  readonly encoder: Encoder;
}

/** The form in which sources are compared: trimmed and in lower case. */
export function toSourceKey(source: string): string {
  return source.trim().toLowerCase();
}

/**
 * Makes a generation around a head.
 * @param before the generation in use: rules and LLM tier are taken over from it where the labels are the same
 * @throws HeadFileError, LabelFileError or RuleFileError, with a sentence that says what to do.
 */
export async function openSnapshot(
  head: Head,
  parts: SnapshotParts,
  before?: ClassifierSnapshot,
): Promise<ClassifierSnapshot> {
  const { config, encoder } = parts;
  assertHeadFits(head, encoder, TEMPLATE_VERSION);
  const described = await loadLabels(config.labelsFile);
  const catalogue = withLabels(described, head.labels);
  const same = before && isSame(before, { head, catalogue }) ? before : undefined;
  return {
    catalogue,
    encoder,
    rules: same?.rules ?? (await openRules(parts, head, catalogue)),
    embedding: await openEmbedding(head, parts),
    llm: same?.llm ?? openLlm(parts, catalogue),
    llmSources: new Set(config.llmSources.map(toSourceKey)),
  };
}

/** Whether rules and LLM would come out the same for another head. */
function isSame(
  before: ClassifierSnapshot,
  { head, catalogue }: { head: Head; catalogue: LabelCatalogue },
): boolean {
  const labelsOf = (labels: readonly string[]): string => JSON.stringify([...labels].sort());
  return (
    before.catalogue.version === catalogue.version &&
    labelsOf(before.embedding.head.labels) === labelsOf(head.labels)
  );
}

/** The key for the LLM, if it may be asked and there is one. */
export function llmKey(config: SnapshotParts['config'], options: SnapshotOptions): string | undefined {
  return options.llm ? config.groqApiKey : undefined;
}

async function openEmbedding(
  head: Head,
  { config: { cacheDir: dir, cacheMaxBytes }, options: { logger }, encoder, queue }: SnapshotParts,
): Promise<EmbeddingTier> {
  if (dir === undefined) return new EmbeddingTier(queue, head, { cacheMaxBytes });
  const store = await openPredictionStore({
    dir,
    // A head's file names encoder and template version, so that its version stands for them too.
    origin: [encoder.fingerprint, head.version],
    labels: head.labels,
    onProblem: (problem) => logger.warn(problem, 'predictions are not kept until the next start'),
  });
  logger.info({ dir, templates: store.size }, 'predictions are kept');
  return new EmbeddingTier(queue, head, { cacheMaxBytes, store });
}

function openLlm({ config, options }: SnapshotParts, catalogue: LabelCatalogue): LlmTier {
  return createLlmTier(
    {
      ...LLM_DEFAULTS,
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

async function openRules(
  { config, options }: SnapshotParts,
  head: Head,
  catalogue: LabelCatalogue,
): Promise<Rules> {
  const surroundings = { catalogue, headLabels: head.labels };
  const { book, labelsNotInHead } = await openHeadRules(config, surroundings, options);
  if (labelsNotInHead.length === 0) return book;
  book.close();
  options.logger.warn(
    { headFile: config.headFile, labelsNotInHead },
    'built-in rules are off: the head does not know their labels; set RULES_FILE to use rules',
  );
  return { current: emptyRuleSet(), close: () => undefined };
}
