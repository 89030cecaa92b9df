import { toTemplate } from '../template/template.js';
import type { LogRecord } from '../types.js';
import type { Rule, RuleSet } from './rule-set.js';

/** A line that a rule matched. */
export interface RuleSample extends LogRecord {
  /** The line's label in the data, if the rule's label is another. */
  readonly expected?: string;
}

/** How often a rule matched in some data, with samples. */
export interface RuleCount {
  readonly rule: Rule;
  /** The number of lines that this rule was the first to match. */
  lines: number;
  /** The number of these lines that have the rule's label in the data. */
  right: number;
  /** The number of these lines that have another label in the data. Lines without a label are in neither number. */
  wrong: number;
  /** The first line of each template, without wrong ones. */
  readonly samples: RuleSample[];
  /** The first wrong line of each template and label. */
  readonly wrongSamples: RuleSample[];
}

/** Counts the lines that each rule of a rule set matches. */
export class RuleTally {
  /** One element per rule, in the file's order. */
  readonly counts: readonly RuleCount[];
  /** The number of lines added. */
  lines = 0;
  /** The number of lines that any rule matched. */
  matched = 0;
  readonly #byRule: ReadonlyMap<Rule, RuleCount>;
  /** Rule, label and template of all samples so far. */
  readonly #sampled = new Set<string>();

  /** @param maxSamples the upper bound on the samples of each rule, and on its wrong samples */
  constructor(
    private readonly rules: RuleSet,
    private readonly maxSamples: number,
  ) {
    this.counts = rules.rules.map((rule) => ({
      rule,
      lines: 0,
      right: 0,
      wrong: 0,
      samples: [],
      wrongSamples: [],
    }));
    this.#byRule = new Map(this.counts.map((count) => [count.rule, count]));
  }

  /** Adds a line. @param label the line's label in the data, empty if it has none */
  add(record: LogRecord, label = ''): void {
    this.lines++;
    const rule = this.rules.match(record.message);
    const count = rule && this.#byRule.get(rule);
    if (!count) return;
    this.matched++;
    count.lines++;
    const wrong = label !== '' && label !== count.rule.label;
    if (wrong) count.wrong++;
    else if (label !== '') count.right++;
    if (wrong) this.#addSample(count, count.wrongSamples, { ...record, expected: label });
    else this.#addSample(count, count.samples, record);
  }

  #addSample({ rule }: RuleCount, samples: RuleSample[], sample: RuleSample): void {
    if (samples.length >= this.maxSamples) return;
    const key = JSON.stringify([rule.id, sample.expected, toTemplate(sample.message)]);
    if (this.#sampled.has(key)) return;
    this.#sampled.add(key);
    samples.push(sample);
  }
}
