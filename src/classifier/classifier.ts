import type { EmbeddingTier, Prediction } from './embedding/embedding-tier.js';
import { UNCLASSIFIED } from './labels.js';
import type { LlmSession, LlmTier } from './llm/llm-tier.js';
import type { RuleSet } from './rules/rule-set.js';
import { toTemplate } from './template.js';
import type {
  Classification,
  Classifier,
  ClassifierSession,
  ClassifyOptions,
  LogRecord,
  Note,
  Priority,
} from './types.js';

/** The three tiers and what decides between them. */
export interface Tiers {
  /** The rules of this moment; a session keeps those that it found when it began. */
  rules: { readonly current: RuleSet };
  embedding: EmbeddingTier;
  llm: LlmTier;
  /** The sources whose lines belong to the LLM, as they stand in the file but for white space around them. */
  llmSources: ReadonlySet<string>;
}

/** What a classifier works with. */
export interface ClassifierParts {
  /** The tiers of this moment; a session keeps those that it found when it began. */
  readonly tiers: Tiers;
  /** Ends what the parts hold open. */
  close: () => Promise<void>;
}

/** Which way each record goes: indexes into the records. */
interface Routes {
  llm: number[];
  local: number[];
}

/**
 * The hybrid classifier. A record goes to the LLM if its source belongs there, else to the first rule that
 * matches, else to the embedding tier; what the LLM cannot answer takes the other two ways, with a note.
 */
export function createClassifier(parts: ClassifierParts): Classifier {
  const session = (options: ClassifyOptions = {}): ClassifierSession => new Session(parts.tiers, options);
  return {
    session,
    classify: (records, options) => session(options).classify(records),
    close: () => parts.close(),
  };
}

class Session implements ClassifierSession {
  readonly #rules: RuleSet;
  readonly #llm: LlmSession;
  readonly #signal: AbortSignal | undefined;
  readonly #priority: Priority;

  constructor(
    private readonly tiers: Tiers,
    options: ClassifyOptions,
  ) {
    this.#rules = tiers.rules.current;
    this.#signal = options.signal;
    this.#priority = options.priority ?? 'bulk';
    this.#llm = tiers.llm.openSession(options.signal ? { signal: options.signal } : {});
  }

  async classify(records: readonly LogRecord[]): Promise<Classification[]> {
    this.#signal?.throwIfAborted();
    const results = new Array<Classification>(records.length);
    const { llm, local } = this.#route(records);
    await Promise.all([
      this.#classifyLocally(records, local, results),
      llm.length > 0 ? this.#askLlm(records, llm, results) : undefined,
    ]);
    return results;
  }

  #route(records: readonly LogRecord[]): Routes {
    const routes: Routes = { llm: [], local: [] };
    records.forEach(({ source }, index) => {
      routes[this.tiers.llmSources.has(source.trim()) ? 'llm' : 'local'].push(index);
    });
    return routes;
  }

  async #askLlm(
    records: readonly LogRecord[],
    indexes: readonly number[],
    results: Classification[],
  ): Promise<void> {
    const labels = await this.#llm.classify(pick(records, indexes));
    const unanswered: number[] = [];
    indexes.forEach((index, position) => {
      const label = labels[position];
      if (label === undefined) unanswered.push(index);
      else results[index] = { label, tier: 'llm', confidence: null };
    });
    await this.#classifyLocally(records, unanswered, results, 'llm-unavailable');
  }

  /** Rules, then the embedding tier; writes each result to the record's place. */
  async #classifyLocally(
    records: readonly LogRecord[],
    indexes: readonly number[],
    results: Classification[],
    note?: Note,
  ): Promise<void> {
    const templates = new Map<number, string>();
    for (const index of indexes) {
      const message = records[index]?.message ?? '';
      const rule = this.#rules.match(message);
      if (rule)
        results[index] = noted({ label: rule.label, tier: 'rule', confidence: 1, rule: rule.id }, note);
      else templates.set(index, toTemplate(message));
    }
    const predictions = await this.tiers.embedding.predict(templates.values(), {
      priority: this.#priority,
      signal: this.#signal,
    });
    for (const [index, template] of templates) {
      const prediction = predictions.get(template);
      if (!prediction) throw new Error('The embedding tier left a template without a prediction.');
      results[index] = noted(this.#judge(prediction), note);
    }
  }

  /** Under the head's threshold nothing is claimed. */
  #judge({ label, confidence }: Prediction): Classification {
    if (confidence >= this.tiers.embedding.head.threshold) return { label, tier: 'embedding', confidence };
    return { label: UNCLASSIFIED, tier: 'embedding', confidence, note: 'low-confidence' };
  }
}

function pick(records: readonly LogRecord[], indexes: readonly number[]): LogRecord[] {
  return indexes.map((index) => records[index]).filter((record) => record !== undefined);
}

/** That the LLM was not asked weighs more than that the tier in its stead was unsure: one note fits. */
function noted(classification: Classification, note: Note | undefined): Classification {
  return note ? { ...classification, note } : classification;
}
