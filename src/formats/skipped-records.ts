/** A record that was left out, and why. */
export interface SkippedRecord {
  /** The line of the input on which the record begins, counted from 1. */
  line: number;
  /** The detail of the error that `on_error=fail` would give. */
  reason: string;
}

/** Maximum number of characters of a skipped record's text. */
export const MAX_REJECTED_CHARS = 100_000;

/** A record that was left out, with its text. */
export interface RejectedRecord extends SkippedRecord {
  /** The record as it stood in the input; the row as CSV if the input is a workbook. */
  text: string;
  /** Set if the record is longer than MAX_REJECTED_CHARS. The text is its start. */
  isCut?: true;
}

/** Receives the records that are left out. */
export type SkipListener = (skipped: RejectedRecord) => void;

/**
 * Counts the records that could not be read. It keeps the first of them only, so its size is bounded. A listener is told
 * of each one.
 */
export class SkippedRecords {
  static readonly KEPT = 100;
  count = 0;
  /** The first skipped records. */
  readonly first: SkippedRecord[] = [];

  constructor(private readonly listener?: SkipListener) {}

  /** Whether there is a listener, so that the text of each skipped record is needed. */
  get hasListener(): boolean {
    return this.listener !== undefined;
  }

  /** Whether the reason of the next record is needed. To create it may take long. */
  get needsReason(): boolean {
    return this.hasListener || this.first.length < SkippedRecords.KEPT;
  }

  /** Counts a record. Call `tell`, too, once its text is known. */
  add(line: number, reason: string): void {
    this.count += 1;
    if (this.first.length < SkippedRecords.KEPT) this.first.push({ line, reason });
  }

  /**
   * Tells the listener of a record that has been counted.
   * @param text returns the text, or at least its first MAX_REJECTED_CHARS + 1 characters
   */
  tell(line: number, reason: string, text: () => string): void {
    if (this.listener === undefined) return;
    const all = text();
    if (all.length <= MAX_REJECTED_CHARS) this.listener({ line, reason, text: all });
    else this.listener({ line, reason, text: startOf(all), isCut: true });
  }
}

/** Returns the first MAX_REJECTED_CHARS characters, or one less where this would split a pair of surrogates. */
function startOf(text: string): string {
  const last = text.charCodeAt(MAX_REJECTED_CHARS - 1);
  const isHigh = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, MAX_REJECTED_CHARS - (isHigh ? 1 : 0));
}
