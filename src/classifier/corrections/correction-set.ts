import { toSourceKey } from '../source-key.js';
import { tellingPart } from '../template/telling-part.js';
import { maskVariableParts, MAX_CHARS } from '../template/template.js';
import type { Classification, LogRecord } from '../types.js';
import { versionOf } from '../version-of.js';
import { sourceKeyOf, type Correction } from './correction.js';
import { firstWord } from './first-word.js';

/** A correction and the classification that its lines get. */
export interface ActingCorrection {
  readonly correction: Correction;
  readonly classification: Classification;
}

/** The key of a correction that is for all sources. */
const ANY_SOURCE = '';

/** The corrections that act at one moment. It never changes, so a session keeps the one that it began with. */
export class CorrectionSet {
  /**
   * Identifies templates, sources and labels of the corrections that act: 16 hex digits. Undefined if there are none.
   */
  readonly revision: string | undefined;
  /** By template, then by source. */
  readonly #acting = new Map<string, Map<string, ActingCorrection>>();
  /** The first words of messages that may have a corrected template. Undefined if any message may have one. */
  readonly #firstWords: ReadonlySet<string> | undefined;

  /**
   * @param corrections of two with the same template and source, the later one acts
   * @param labels a correction with another label does not act
   */
  constructor(corrections: readonly Correction[], labels: ReadonlySet<string>) {
    for (const correction of corrections) {
      const { template, label } = correction;
      if (!labels.has(label)) continue;
      const bySource = this.#acting.get(template) ?? new Map<string, ActingCorrection>();
      this.#acting.set(template, bySource);
      const classification: Classification = { label, tier: 'corrected', confidence: 1 };
      bySource.set(sourceKeyOf(correction), { correction, classification });
    }
    this.revision = this.#acting.size === 0 ? undefined : revisionOf(this.#acting);
    this.#firstWords = firstWordsOf([...this.#acting.keys()]);
  }

  /**
   * Returns the correction that labels a record: the one for its source, otherwise the one for all sources. This is the only
   * place that decides it. The first word of a message usually shows that no correction is for it. Its template is then not
   * computed, which takes longer than all rules.
   */
  find({ source, message }: Pick<LogRecord, 'source' | 'message'>): ActingCorrection | undefined {
    if (this.#acting.size === 0) return undefined;
    // As `toTemplate` does it.
    const text = tellingPart(message)?.text ?? message;
    if (!this.#mayBeCorrected(text)) return undefined;
    const bySource = this.#acting.get(maskVariableParts(text));
    return bySource && (bySource.get(toSourceKey(source)) ?? bySource.get(ANY_SOURCE));
  }

  /** Whether a correction acts, and is not replaced by a later one. */
  isActing(correction: Correction): boolean {
    const acting = this.#acting.get(correction.template)?.get(sourceKeyOf(correction));
    return acting?.correction === correction;
  }

  #mayBeCorrected(text: string): boolean {
    // The template of a long text is made from a part of it.
    return this.#firstWords === undefined || text.length > MAX_CHARS || this.#firstWords.has(firstWord(text));
  }
}

/** The set without corrections. */
export const NO_CORRECTIONS = new CorrectionSet([], new Set());

/** The order of the corrections does not matter. */
function revisionOf(acting: ReadonlyMap<string, ReadonlyMap<string, ActingCorrection>>): string {
  const entries = [...acting].flatMap(([template, bySource]) =>
    [...bySource].map(([source, { classification }]) =>
      JSON.stringify([template, source, classification.label]),
    ),
  );
  return versionOf(entries.sort().join('\n'));
}

function firstWordsOf(templates: readonly string[]): ReadonlySet<string> | undefined {
  // A placeholder may stand for any first word.
  return templates.some((template) => template.startsWith('<'))
    ? undefined
    : new Set(templates.map(firstWord));
}
