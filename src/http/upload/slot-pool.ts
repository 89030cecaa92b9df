import { AppError } from '../../errors.js';

/** A holder this many milliseconds behind the rate that keeps a slot may lose its slot to a new request. */
const LOSES_SLOT_AFTER_MS = 2_000;

/** The client of an upload that holds a slot, or asks for one. */
export interface SlotHolder {
  /** Milliseconds by which the client is behind the rate that keeps a slot; 0 while the server does not wait for it. */
  readonly behindMs: number;
  /** Gives up the upload. */
  loseSlot(): void;
}

/** Limits how many uploads are processed at the same time. A client that sends fast enough keeps its slot. */
export class SlotPool {
  readonly #holders = new Set<SlotHolder>();

  constructor(private readonly size: number) {}

  /**
   * Takes a slot, unless the client already holds one. If none is free, the slowest client loses its slot, provided that
   * it is slow enough.
   * @throws AppError `busy` when no slot is free
   */
  take(client: SlotHolder): void {
    if (this.#holders.has(client)) return;
    if (this.#holders.size >= this.size && !this.#evictSlowest()) {
      const uploads = this.size === 1 ? '1 upload' : `${this.size} uploads`;
      throw new AppError('busy', `The server is already processing ${uploads}. Try again in a few seconds.`);
    }
    this.#holders.add(client);
  }

  /** Whether the client holds a slot. */
  has(client: SlotHolder): boolean {
    return this.#holders.has(client);
  }

  /** Releases the client's slot, if it holds one. */
  release(client: SlotHolder): void {
    this.#holders.delete(client);
  }

  #evictSlowest(): boolean {
    const [slowest] = [...this.#holders].sort((a, b) => b.behindMs - a.behindMs);
    if (!slowest || slowest.behindMs < LOSES_SLOT_AFTER_MS) return false;
    this.#holders.delete(slowest);
    slowest.loseSlot();
    return true;
  }
}
