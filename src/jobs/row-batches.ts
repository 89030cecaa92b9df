import { LRUCache } from 'lru-cache';
import { toTemplate } from '../classifier/template/template.js';
import type { Classification } from '../classifier/types.js';
import type { RecordChunk } from '../formats/format.js';
import { recordTime } from '../formats/time.js';
import { wasCut } from '../pipeline/label-input.js';
import { KEPT_MESSAGE_CHARS, kindOf, type KindTemplate, type RowBatch } from './store/batch.js';

/** Characters of templates whose kind is remembered. Computing a kind again costs a SHA-256. */
const MAX_REMEMBERED_CHARS = 8 * 1024 * 1024;

/** Makes batches for the store from labelled chunks. */
export class RowBatches {
  readonly #kinds = new LRUCache<string, bigint>({
    maxSize: MAX_REMEMBERED_CHARS,
    sizeCalculation: (_kind, key) => key.length + 64,
  });

  /**
   * @param reference when the job was created, in milliseconds since 1970. Times without a year are read relative to it, so
   *   they are the same after a restart
   */
  constructor(private readonly reference: number) {}

  /**
   * Returns the batch of a chunk.
   * @param firstRow the number of its first record among all records of the job, counted from 0
   */
  of(chunk: RecordChunk, labels: readonly Classification[], firstRow: number): RowBatch {
    const { records, lines } = chunk;
    const templates: KindTemplate[] = [];
    const messages = records.map(({ message }) => message.slice(0, KEPT_MESSAGE_CHARS + 1));
    return {
      firstRow,
      lines,
      sources: records.map(({ source }) => source),
      messages,
      labels: labels.map(({ label }) => label),
      tiers: labels.map(({ tier }) => tier),
      confidences: labels.map(({ confidence }) => confidence),
      rules: labels.map(({ rule }) => rule ?? null),
      notes: labels.map(({ note }) => note ?? null),
      tops: labels.map(({ top }) => (top === undefined ? null : JSON.stringify(top))),
      times: records.map((record) => recordTime(record, this.reference) ?? null),
      ownLabels: records.map(({ ownLabel }) => ownLabel ?? null),
      cuts: records.map(({ message }, index) => {
        const label = labels[index];
        return label !== undefined && wasCut(message, label);
      }),
      kinds: records.map(({ message }, index) => this.#kindOf(message, labels[index], templates)),
      templates,
    };
  }

  /** Adds the template of a kind that is not remembered to `templates`. */
  #kindOf(message: string, label: Classification | undefined, templates: KindTemplate[]): bigint {
    if (!label) throw new Error('A record has no label.');
    const template = toTemplate(message);
    const key = [template, label.label, label.tier, label.rule ?? '', label.note ?? ''].join('\0');
    const known = this.#kinds.get(key);
    if (known !== undefined) return known;
    const kind = kindOf(template, label);
    this.#kinds.set(key, kind);
    templates.push({ kind, template, example: message.slice(0, KEPT_MESSAGE_CHARS) });
    return kind;
  }
}
