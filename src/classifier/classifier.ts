import { classifierVersion } from './classifier-version.js';
import type { TierSession } from './embedding/embedding-tier.js';
import type { LlmSession } from './llm/llm-tier.js';
import type { Rule, RuleSet } from './rules/rule-set.js';
import { toSourceKey, type ClassifierSnapshot } from './snapshot.js';
import { toTemplate } from './template/template.js';
import type {
  Classification,
  Classifier,
  ClassifierSession,
  ClassifyOptions,
  LogRecord,
  Note,
} from './types.js';

/** Holds the snapshot in use, which may be replaced at any time. */
export interface SnapshotHolder {
  /** A session keeps the snapshot that it found when it began. */
  readonly current: ClassifierSnapshot;
  /** Releases the worker threads and files behind the snapshots. */
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
export function createClassifier(snapshots: SnapshotHolder): Classifier {
  const session = (options: ClassifyOptions = {}): ClassifierSession =>
    new Session(snapshots.current, options);
  return {
    session,
    classify: (records, options) => session(options).classify(records),
    close: () => snapshots.close(),
  };
}

class Session implements ClassifierSession {
  readonly version: string;
  readonly #rules: RuleSet;
  /** One for each rule that has matched: rows share it. */
  readonly #byRule = new Map<Rule, Classification>();
  readonly #llm: LlmSession;
  readonly #signal: AbortSignal | undefined;
  /** One for all parts: the encoder is shared out among these. */
  readonly #tierSession: TierSession;

  constructor(
    private readonly snapshot: ClassifierSnapshot,
    options: ClassifyOptions,
  ) {
    this.version = classifierVersion(snapshot);
    this.#rules = snapshot.rules.current;
    this.#signal = options.signal;
    this.#tierSession = { priority: options.priority ?? 'bulk', signal: options.signal };
    this.#llm = snapshot.llm.openSession(options.signal ? { signal: options.signal } : {});
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
      (this.snapshot.llmSources.has(toSourceKey(source)) ? routes.llm : routes.local).push(index);
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
    const { embedding } = this.snapshot;
    const unknown = new Map<number, string>();
    for (const index of indexes) {
      const message = records[index]?.message ?? '';
      const rule = this.#rules.match(message);
      const template = rule ? '' : toTemplate(message);
      const classification = rule ? this.#ofRule(rule) : embedding.getCached(template);
      if (classification) results[index] = noted(classification, note);
      else unknown.set(index, template);
    }
    if (unknown.size === 0) return;
    const found = await embedding.classify(unknown.values(), this.#tierSession);
    for (const [index, template] of unknown) {
      const classification = found.get(template);
      if (!classification) throw new Error('The embedding tier left a template without a label.');
      results[index] = noted(classification, note);
    }
  }

  #ofRule(rule: Rule): Classification {
    const known = this.#byRule.get(rule);
    if (known) return known;
    const { id, label } = rule;
    const classification: Classification = { label, tier: 'rule', confidence: 1, rule: id };
    this.#byRule.set(rule, classification);
    return classification;
  }
}

function pick(records: readonly LogRecord[], indexes: readonly number[]): LogRecord[] {
  return indexes.map((index) => records[index]).filter((record) => record !== undefined);
}

/** That the LLM was not asked weighs more than that the tier in its stead was unsure: one note fits. */
function noted(classification: Classification, note: Note | undefined): Classification {
  return note ? { ...classification, note } : classification;
}
