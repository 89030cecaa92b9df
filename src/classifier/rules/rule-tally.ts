import { toTemplate } from '../template/template.js';
import type { LogRecord } from '../types.js';
import type { Rule, RuleSet } from './rule-set.js';

/** A line that a rule took, and the label that it should have had if the rule was wrong. */
export interface RuleSample extends LogRecord {
  readonly expected?: string;
}

/** What one rule did to some data. */
export interface RuleCount {
  readonly rule: Rule;
  /** Lines of which it was the first rule to match. */
  lines: number;
  /** How many of those have this label in the data, and how many another; lines without a label are in neither. */
  right: number;
  wrong: number;
  /** Lines that differ in more than their variable parts, the first of each kind. */
  readonly samples: RuleSample[];
  /** The same of the wrong ones. */
  readonly wrongSamples: RuleSample[];
}

/** Counts, line by line, what each rule of a set takes. */
export class RuleTally {
  /** One for each rule, in the file's order. */
  readonly counts: readonly RuleCount[];
  lines = 0;
  matched = 0;
  readonly #byRule: ReadonlyMap<Rule, RuleCount>;
  readonly #kinds = new Set<string>();

  /** @param maxSamples how many samples to keep for each rule, and how many wrong ones. */
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

  /** Matches one line; `label` is the one that the data gives it, empty if none. */
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
    if (wrong) this.#keep(count, count.wrongSamples, { ...record, expected: label });
    else this.#keep(count, count.samples, record);
  }

  #keep({ rule }: RuleCount, samples: RuleSample[], sample: RuleSample): void {
    if (samples.length >= this.maxSamples) return;
    const kind = JSON.stringify([rule.id, sample.expected, toTemplate(sample.message)]);
    if (this.#kinds.has(kind)) return;
    this.#kinds.add(kind);
    samples.push(sample);
  }
}
