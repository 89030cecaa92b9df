import type { AppError } from '../../errors.js';
import { type OnError, SkippedRecords } from '../format.js';

/** The end of an error's detail: what the client can do to get an answer in spite of the error. */
export const SKIP_HINT = 'The parameter on_error=skip leaves out what cannot be read.';

/** Decides what happens to a record that cannot be read. */
export class BadRecords {
  readonly skipped = new SkippedRecords();
  #guess: string | undefined;

  /** @param isStart whether the text is only the start of the input, so that its last record may be cut off */
  constructor(
    readonly onError: OnError,
    private readonly isStart = false,
  ) {}

  /** The path of the field that may have the message, by the first skipped record that has none. */
  get guess(): string | undefined {
    return this.#guess;
  }

  get areSkipped(): boolean {
    return this.onError === 'skip';
  }

  /**
   * Counts a record that cannot be read, or refuses the input.
   * @param problem creates the error. It is called only if the error is shown, because this may take long
   * @throws the error if bad records are not skipped
   */
  take(line: number, problem: () => AppError): void {
    if (!this.areSkipped) throw problem();
    const isShown = this.skipped.first.length < SkippedRecords.KEPT;
    const error = isShown ? problem() : undefined;
    if (typeof error?.place.guess === 'string') this.#guess ??= error.place.guess;
    this.skipped.add(line, error?.message ?? '');
  }

  /** Like `take`, for a record that is not complete at the end of the text. The start of an input may end so. */
  takeAtEnd(line: number, problem: () => AppError): void {
    if (!this.isStart) this.take(line, problem);
  }
}
