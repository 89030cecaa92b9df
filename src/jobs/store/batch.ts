import { createHash } from 'node:crypto';
import type { RecordLabel } from '../../log-record.js';

/**
 * Pages of rows show at most this many characters of a message. The store keeps one more, which tells whether there are more.
 * The input keeps all.
 */
export const KEPT_MESSAGE_CHARS = 4096;

/** Consecutive labelled rows, column by column. All columns have the same length. */
export interface RowBatch {
  /** The number of the first row, counted from 0. The others follow without gaps. */
  readonly firstRow: number;
  /** The line of the input on which each record begins, counted from 1. */
  readonly lines: readonly number[];
  readonly sources: readonly string[];
  /** At most KEPT_MESSAGE_CHARS characters each, and one more. */
  readonly messages: readonly string[];
  readonly labels: readonly string[];
  readonly tiers: readonly string[];
  readonly confidences: readonly (number | null)[];
  readonly rules: readonly (string | null)[];
  readonly notes: readonly (string | null)[];
  /** The likeliest labels as JSON; null if the job does not ask for them. */
  readonly tops: readonly (string | null)[];
  /** Milliseconds since 1970; null if the record has no time. */
  readonly times: readonly (number | null)[];
  /** The labels that the records had in the input. */
  readonly ownLabels: readonly (string | null)[];
  /** Whether the embedding tier read only parts of the message. */
  readonly cuts: readonly boolean[];
  /** The kind of each row, see `kindOf`. */
  readonly kinds: readonly bigint[];
  /** The templates of kinds that the writer has not sent lately. A kind may come more than once. */
  readonly templates: readonly KindTemplate[];
}

/** A kind, its template and the message that it was first seen in. */
export interface KindTemplate {
  readonly kind: bigint;
  readonly template: string;
  /** At most KEPT_MESSAGE_CHARS characters. */
  readonly example: string;
}

/** A record that could not be read, as it stood in the input. */
export interface RejectedRow {
  readonly line: number;
  readonly reason: string;
  readonly text: string;
  readonly isCut: boolean;
}

/**
 * Returns the identity of a kind of line: its template and how it was labelled, without the confidence. Two rows of one
 * template are of different kinds if a rule matched only one of them.
 * @returns the first 64 bits of a SHA-256, signed
 */
export function kindOf(template: string, { label, tier, rule, note }: RecordLabel): bigint {
  const text = JSON.stringify([template, label, tier, rule, note]);
  return createHash('sha256').update(text).digest().readBigInt64BE();
}

/** A kind as clients see it: 16 hex digits. */
export function kindToText(kind: bigint): string {
  return BigInt.asUintN(64, kind).toString(16).padStart(16, '0');
}

/** The kind of a text that `kindToText` made; undefined for any other text. */
export function kindFromText(text: string): bigint | undefined {
  return /^[0-9a-f]{16}$/.test(text) ? BigInt.asIntN(64, BigInt(`0x${text}`)) : undefined;
}
