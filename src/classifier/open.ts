import { builtInRulesFile, type Config } from '../config.js';
import { createClassifier } from './classifier.js';
import { EmbeddingTier } from './embedding/embedding-tier.js';
import { openEncoderPool } from './embedding/encoder-pool.js';
import type { Encoder } from './embedding/encoder.js';
import { assertHeadFits, loadHead, type Head } from './embedding/head.js';
import { loadLabels, withLabels, type LabelCatalogue } from './labels.js';
import { createLlmTier } from './llm/llm-tier.js';
import { openRuleBook, type RuleBook } from './rules/rule-book.js';
import { emptyRuleSet, type RuleSet } from './rules/rule-set.js';
import { TEMPLATE_VERSION, toTemplate } from './template.js';
import type { Classifier, Logger } from './types.js';

type ClassifierConfig = Pick<
  Config,
  | 'encoderDir'
  | 'encoderThreads'
  | 'cacheMaxBytes'
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

/** What of the LLM tier nobody needed to set so far: a failed request is tried twice more. */
const LLM_DEFAULTS = {
  retries: 2,
  templatesPerRequest: 20,
  concurrency: 4,
  cacheEntries: 20_000,
  breakerFailures: 5,
  breakerPauseMs: 60_000,
};

/** A classifier that is warm and checked, with what it was made of. */
export interface OpenClassifier extends Classifier {
  readonly catalogue: LabelCatalogue;
  readonly head: Head;
  readonly encoder: Encoder;
  /** The rules of this moment. */
  readonly rules: { readonly current: RuleSet };
  /** Whether the LLM may be asked at all. */
  readonly llm: boolean;
}

/** What of the classifier the program that opens it decides, not its settings. */
export interface OpenOptions {
  logger: Logger;
  /** Whether lines may leave the machine; false leaves the key unused. */
  llm: boolean;
  /** Whether edits of the rules file take effect while this is open. */
  watch: boolean;
  /** The compiled encoder worker; only tests that run from source name another. */
  workerFile?: URL;
}

/**
 * Opens the whole product: labels, head, rules, encoder, LLM, each checked against the others.
 * @throws LabelFileError, HeadFileError, RuleFileError or EncoderError, with a sentence that says what to do.
 */
export async function openClassifier(
  config: ClassifierConfig,
  options: OpenOptions,
): Promise<OpenClassifier> {
  const { logger } = options;
  const head = await loadHead(config.headFile);
  const catalogue = withLabels(await loadLabels(config.labelsFile), head.labels);
  const rules = await openRules(config, head, catalogue, options);
  const encoder = await openEncoder(config, head, options).catch((error: unknown) => {
    rules.close();
    throw error;
  });
  const apiKey = options.llm ? config.groqApiKey : undefined;
  const llm = createLlmTier(
    {
      ...LLM_DEFAULTS,
      apiKey,
      baseUrl: config.groqBaseUrl,
      model: config.groqModel,
      timeoutMs: config.llmTimeoutMs,
      deadlineMs: config.llmDeadlineMs,
      maxRequests: config.llmMaxRequests,
    },
    catalogue,
    { logger, toTemplate },
  );
  const classifier = createClassifier({
    rules,
    embedding: new EmbeddingTier(encoder, head, { cacheMaxBytes: config.cacheMaxBytes }),
    llm,
    llmSources: new Set(config.llmSources),
    close: async () => {
      rules.close();
      await encoder.close();
    },
  });
  return { ...classifier, catalogue, head, encoder, rules, llm: apiKey !== undefined };
}

async function openEncoder(config: ClassifierConfig, head: Head, options: OpenOptions): Promise<Encoder> {
  const encoder = await openEncoderPool({
    dir: config.encoderDir,
    threads: config.encoderThreads,
    ...(options.workerFile ? { workerFile: options.workerFile } : {}),
  });
  try {
    assertHeadFits(head, encoder, TEMPLATE_VERSION);
    return encoder;
  } catch (error) {
    await encoder.close();
    throw error;
  }
}

type Rules = Pick<RuleBook, 'current' | 'close'>;

/**
 * The built-in rules speak the built-in labels: beside a head that does not know those, a rule would give a
 * label that the user's data never had. They are off then, unless RULES_FILE asks for rules by name.
 */
async function openRules(
  config: ClassifierConfig,
  head: Head,
  catalogue: LabelCatalogue,
  { logger, watch }: OpenOptions,
): Promise<Rules> {
  const file = config.rulesFile ?? builtInRulesFile;
  const book = await openRuleBook({ file, labels: catalogue.names, logger, watch });
  if (config.rulesFile !== undefined) return book;

  const known = new Set(head.labels);
  const foreign = [...new Set(book.current.rules.map(({ label }) => label))].filter(
    (label) => !known.has(label),
  );
  if (foreign.length === 0) return book;
  book.close();
  logger.warn(
    { headFile: config.headFile, labelsNotInHead: foreign },
    'built-in rules are off: the head does not know their labels; set RULES_FILE to use rules',
  );
  return { current: emptyRuleSet(), close: () => undefined };
}
