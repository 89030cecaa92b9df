import type { AppError } from '../../errors.js';
import { type OnError, type ReadOptions, SkippedRecords } from '../format.js';

/** The end of an error's detail: what the client can do to get an answer in spite of the error. */
export const SKIP_HINT = 'The parameter on_error=skip leaves out what cannot be read.';

/** Decides what happens to a record that cannot be read. */
export class BadRecords {
  readonly skipped: SkippedRecords;
  #guess: string | undefined;

  readonly #onError: OnError;
  /** Whether the text is only the start of the input, so that its last record may be cut off. */
  readonly #isStart: boolean;

  constructor({ onError, isStart = false, onSkip }: Pick<ReadOptions, 'onError' | 'isStart' | 'onSkip'>) {
    this.#onError = onError;
    this.#isStart = isStart;
    this.skipped = new SkippedRecords(onSkip);
  }

  /** The path of the field that may have the message, by the first skipped record that has none. */
  get guess(): string | undefined {
    return this.#guess;
  }

  get areSkipped(): boolean {
    return this.#onError === 'skip';
  }

  /**
   * Counts a record that cannot be read, or refuses the input.
   * @param problem creates the error. It is called only if the error is shown, because this may take long
   * @param text returns the text of the record. It is called only if somebody listens
   * @throws the error if bad records are not skipped
   */
  take(line: number, problem: () => AppError, text: () => string): void {
    this.skipped.tell(line, this.count(line, problem), text);
  }

  /**
   * Like `take`, for a record whose text has not ended. Call `skipped.tell` when it has.
   * @returns the reason; empty if nobody needs it
   */
  count(line: number, problem: () => AppError): string {
    if (!this.areSkipped) throw problem();
    const error = this.skipped.needsReason ? problem() : undefined;
    if (typeof error?.place.guess === 'string') this.#guess ??= error.place.guess;
    const reason = error?.message ?? '';
    this.skipped.add(line, reason);
    return reason;
  }

  /** Like `take`, for a record that is not complete at the end of the text. The start of an input may end so. */
  takeAtEnd(line: number, problem: () => AppError, text: () => string): void {
    if (!this.#isStart) this.take(line, problem, text);
  }

  /** Like `count`, for a record that is not complete at the end of the text. Undefined if it is not counted. */
  countAtEnd(line: number, problem: () => AppError): string | undefined {
    return this.#isStart ? undefined : this.count(line, problem);
  }
}
