import type { AppError } from '../../errors.js';
import { type OnError, SkippedRecords } from '../format.js';

/** The end of an error's detail: what the client can do to get an answer in spite of the error. */
export const SKIP_HINT = 'The parameter on_error=skip leaves out what cannot be read.';

/** Decides what happens to a record that cannot be read. */
export class BadRecords {
  readonly skipped = new SkippedRecords();

  constructor(readonly onError: OnError) {}

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
    this.skipped.add(line, isShown ? problem().message : '');
  }
}
