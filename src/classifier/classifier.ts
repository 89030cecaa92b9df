import { NO_CORRECTIONS, type CorrectionSet } from './corrections/correction-set.js';
import type { EmbeddingTier, TierSession } from './embedding/embedding-tier.js';
import type { LlmSession } from './llm/llm-tier.js';
import type { Rule, RuleSet } from './rules/rule-set.js';
import { snapshotVersion, type ClassifierSnapshot } from './snapshot.js';
import { explain } from './explain.js';
import { EMPTY, firstTier, labelledByRule, withNote, type FirstTier } from './first-tier.js';
import { routeLocally, templateOf } from './local-route.js';
import type {
  Classification,
  Classifier,
  ClassifierSession,
  ClassifyOptions,
  LogRecord,
  Note,
} from './types.js';

/** Indexes into the records, by the tier that gets the record first. */
type Routes = Record<Exclude<FirstTier, 'none'>, number[]>;

/**
 * Returns a classifier that uses all tiers. A record that a correction is for gets its label. Of the others, a record whose
 * source is in LLM_SOURCES goes to the LLM tier. Any other record gets the label of the first rule that matches its message
 * or, if none does, the text wrapped in it. If no rule matches, it goes to the embedding tier. A record that the LLM does not
 * label goes to rules and embedding tier too, and its classification has the note `llm-unavailable`. A record with an empty
 * message goes to no tier.
 * @param inUse holds the current snapshot, which may be replaced at any time; a session keeps the snapshot that was
 *   current when it was opened
 * @param close stops the worker threads and closes the files; it becomes the classifier's `close`
 * @param corrections returns the corrections that act now; a session keeps those of its start
 */
export function createClassifier(
  inUse: { readonly current: ClassifierSnapshot },
  close: () => Promise<void>,
  corrections: () => CorrectionSet = () => NO_CORRECTIONS,
): Classifier {
  const session = (options: ClassifyOptions = {}): ClassifierSession =>
    new Session(inUse.current, corrections(), options);
  return {
    session,
    classify: (records, options) => session(options).classify(records),
    explain: (record, options) => explain(inUse.current, corrections(), record, options),
    close,
  };
}

class Session implements ClassifierSession {
  readonly version: string;
  readonly corrections: string | undefined;
  readonly #rules: RuleSet;
  /** One classification per rule that has matched, shared by all its records. */
  readonly #ruleClassifications = new Map<Rule, Classification>();
  readonly #llm: LlmSession;
  readonly #signal: AbortSignal | undefined;
  /** The same object for all calls, because the encode queue gives each such object its turn. */
  readonly #tierSession: TierSession;
  readonly #usesLlm: boolean;
  readonly #embedding: EmbeddingTier;
  readonly #top: number | undefined;

  constructor(
    private readonly snapshot: ClassifierSnapshot,
    private readonly correctionSet: CorrectionSet,
    options: ClassifyOptions,
  ) {
    this.version = snapshotVersion(snapshot);
    this.corrections = correctionSet.revision;
    this.#rules = snapshot.rules.current;
    this.#signal = options.signal;
    this.#usesLlm = options.llm ?? true;
    this.#top = options.top;
    this.#embedding = options.top === undefined ? snapshot.embedding : snapshot.embedding.ranked;
    this.#tierSession = { priority: options.priority ?? 'bulk', signal: options.signal };
    this.#llm = snapshot.llm.openSession(options.signal ? { signal: options.signal } : {});
  }

  async classify(records: readonly LogRecord[]): Promise<Classification[]> {
    this.#signal?.throwIfAborted();
    const results = new Array<Classification>(records.length);
    const { llm, rulesOrEmbedding } = this.#route(records, results);
    await Promise.all([
      this.#classifyLocally(records, rulesOrEmbedding, results),
      llm.length > 0 ? this.#askLlm(records, llm, results) : undefined,
    ]);
    const top = this.#top;
    return top === undefined ? results : results.map((result) => withShortTop(result, top));
  }

  /** Writes the classifications of records that go to no tier to `results`: empty messages and corrected ones. */
  #route(records: readonly LogRecord[], results: Classification[]): Routes {
    const routes: Routes = { llm: [], rulesOrEmbedding: [] };
    records.forEach((record, index) => {
      const tier = firstTier(record, this.snapshot, this.#usesLlm);
      const known = tier === 'none' ? EMPTY : this.correctionSet.find(record)?.classification;
      if (known) results[index] = known;
      else if (tier !== 'none') routes[tier].push(index);
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

  /** Classifies with the rules, then with the embedding tier. Writes each result to `results` at the record's index. */
  async #classifyLocally(
    records: readonly LogRecord[],
    indexes: readonly number[],
    results: Classification[],
    note?: Note,
  ): Promise<void> {
    const embedding = this.#embedding;
    /** The templates of records that match no rule and whose prediction is not cached, by record index. */
    const uncached = new Map<number, string>();
    for (const index of indexes) {
      const message = records[index]?.message ?? '';
      const route = routeLocally(this.#rules, message);
      if (route.rule) {
        results[index] = withNote(this.#classifyByRule(route.rule), note);
        continue;
      }
      const template = templateOf(message, route);
      const cached = embedding.getCached(template);
      if (cached) results[index] = withNote(cached, note);
      else uncached.set(index, template);
    }
    if (uncached.size === 0) return;
    const classifications = await embedding.classify(uncached.values(), this.#tierSession);
    for (const [index, template] of uncached) {
      const classification = classifications.get(template);
      if (!classification) throw new Error('The embedding tier did not label a template.');
      results[index] = withNote(classification, note);
    }
  }

  #classifyByRule(rule: Rule): Classification {
    const shared = this.#ruleClassifications.get(rule);
    if (shared) return shared;
    const classification = labelledByRule(rule);
    this.#ruleClassifications.set(rule, classification);
    return classification;
  }
}

function pick(records: readonly LogRecord[], indexes: readonly number[]): LogRecord[] {
  return indexes.map((index) => records[index]).filter((record) => record !== undefined);
}

/** Keeps the first `count` labels of `top`. The embedding tier shares longer lists between sessions. */
function withShortTop(classification: Classification, count: number): Classification {
  const { top } = classification;
  return top === undefined ? classification : { ...classification, top: top.slice(0, count) };
}
