import { AppError } from '../../errors.js';

/** Seconds after which a client that was turned away may come again. */
export const RETRY_AFTER_SECONDS = 2;

/** An upload that is so many milliseconds behind the pace that keeps a place loses its own to one that waits. */
const GIVES_WAY_AFTER_MS = 2_000;

/** The client of an upload that has, or wants, a place. */
export interface GateClient {
  /** Milliseconds by which the client is behind the pace that keeps a place; 0 while the server does not wait for it. */
  readonly behindMs: number;
  /** Gives the upload up. */
  cut(): void;
}

/** Bounds how many uploads are worked on at once. An upload that comes as fast as it must keeps its place. */
export class Gate {
  readonly #inside = new Set<GateClient>();

  constructor(private readonly limit: number) {}

  /**
   * Takes a place. When all are taken, the slowest client loses its own, if it is slow enough.
   * @throws AppError `busy` when no place is free
   */
  enter(client: GateClient): void {
    if (this.#inside.has(client)) return;
    if (this.#inside.size >= this.limit && !this.#cutSlowest()) {
      const uploads = this.limit === 1 ? '1 upload is' : `${this.limit} uploads are`;
      throw new AppError('busy', `${uploads} being worked on. Try again in a few seconds.`);
    }
    this.#inside.add(client);
  }

  /** Whether the client has a place. */
  has(client: GateClient): boolean {
    return this.#inside.has(client);
  }

  /** Gives the client's place back, if it has one. */
  leave(client: GateClient): void {
    this.#inside.delete(client);
  }

  #cutSlowest(): boolean {
    const [slowest] = [...this.#inside].sort((a, b) => b.behindMs - a.behindMs);
    if (!slowest || slowest.behindMs < GIVES_WAY_AFTER_MS) return false;
    this.#inside.delete(slowest);
    slowest.cut();
    return true;
  }
}
