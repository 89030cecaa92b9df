import type { RejectedRecord } from '../formats/format.js';
import type { RejectedRow } from './store/batch.js';

/** Rejected rows are sent in groups of this many rows or characters. */
const GROUP_ROWS = 200;
const GROUP_CHARS = 1024 * 1024;

/** Sends rejected records on while an input is read. The reader does not wait, so `paced` makes its input wait. */
export class RejectedRows {
  #rows: RejectedRow[] = [];
  #chars = 0;
  #sending: Promise<void> = Promise.resolve();

  constructor(private readonly append: (rows: readonly RejectedRow[]) => Promise<void>) {}

  /** The listener for the reader. */
  readonly onSkip = ({ line, reason, text, isCut }: RejectedRecord): void => {
    this.#rows.push({ line, reason, text, isCut: isCut ?? false });
    this.#chars += text.length;
    if (this.#rows.length >= GROUP_ROWS || this.#chars >= GROUP_CHARS) this.#send();
  };

  /** Yields the bytes of an input, but only after the records rejected so far have been sent. */
  async *paced(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const piece of bytes) {
      yield piece;
      await this.#sending;
    }
  }

  /** Sends the rest. Call it when the input has ended. @throws the error of sending */
  async finish(): Promise<void> {
    this.#send();
    await this.#sending;
  }

  /** Waits until nothing is being sent, also after an error. */
  async settled(): Promise<void> {
    await this.#sending.catch(() => undefined);
  }

  #send(): void {
    const rows = this.#rows;
    this.#rows = [];
    this.#chars = 0;
    if (rows.length === 0) return;
    this.#sending = this.#sending.then(() => this.append(rows));
    // `paced` and `finish` throw it.
    this.#sending.catch(() => undefined);
  }
}
