import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { MinimumRate } from '../rate-monitor.js';
import type { SlotHolder } from './slot-pool.js';
import { UploadRate } from './upload-rate.js';

/**
 * A client that sends an upload and reads the streamed answer at the same time. It falls behind when it does either too
 * slowly: a client that does not read its answer must not hold a slot.
 */
export class StreamClient implements SlotHolder {
  readonly #reading: UploadRate;

  /**
   * @param sending measures the upload
   * @param minimum the lowest rate at which the answer may be read
   */
  constructor(
    private readonly sending: UploadRate,
    minimum: MinimumRate,
  ) {
    this.#reading = new UploadRate(minimum);
  }

  get behindMs(): number {
    return Math.max(this.sending.behindMs, this.#reading.behindMs);
  }

  loseSlot(): void {
    this.sending.loseSlot();
    this.#reading.loseSlot();
  }

  /**
   * Writes text to the answer. Waits until the client has read enough for more.
   * @throws AppError `upload_timeout` when the client reads too slowly
   * @throws the reason of the signal when it aborts
   */
  async write(answer: Writable, text: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (text === '' || answer.write(text)) return;
    await this.#reading.waitFor(once(answer, 'drain', { signal }));
    this.#reading.count(Buffer.byteLength(text));
  }
}
