import type { Priority } from '../types.js';
import { TEMPLATES_A_TASK, type Encoder } from './encoder.js';

/** Characters of templates that a thread is handed at once: an interactive one must never wait long behind bulk. */
const CHARS_A_TURN = 2_000;

/** Of so many turns one goes to bulk even while interactive templates wait, so that bulk never starves. */
const TURNS_UNTIL_BULK = 4;

/** A template's place in the queue. */
export interface Ticket {
  /** Undefined if the template was abandoned before its turn came. Rejects if the encoder fails. */
  readonly embedding: Promise<Float32Array | undefined>;
  /** Somebody who cannot wait wants it too: from now on it is interactive. */
  readonly hurry: () => void;
}

class Waiting {
  /** Handed to the encoder or abandoned: what was hurried still stands where it waited before, too. */
  isTaken = false;
  resolve!: (embedding: Float32Array | undefined) => void;
  reject!: (error: unknown) => void;
  readonly embedding = new Promise<Float32Array | undefined>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });

  constructor(
    readonly template: string,
    public priority: Priority,
    readonly abandoned: () => boolean,
  ) {}
}

/** Hands templates to the encoder: the longest waiting first within two priorities, no more than it has threads for. */
export class EncodeQueue {
  readonly #waiting: Record<Priority, Waiting[]> = { interactive: [], bulk: [] };
  #turnsInUse = 0;
  #turn = 0;

  constructor(private readonly encoder: Encoder) {}

  /** @param abandoned asked just before the template is encoded: whether nobody waits for it any more */
  encode(template: string, priority: Priority, abandoned: () => boolean): Ticket {
    const waiting = new Waiting(template, priority, abandoned);
    this.#waiting[priority].push(waiting);
    this.#takeTurns();
    return { embedding: waiting.embedding, hurry: () => this.#hurry(waiting) };
  }

  #hurry(waiting: Waiting): void {
    if (waiting.isTaken || waiting.priority === 'interactive') return;
    waiting.priority = 'interactive';
    this.#waiting.interactive.push(waiting);
  }

  #takeTurns(): void {
    while (this.#turnsInUse < this.encoder.threads) {
      const next = this.#next();
      if (next.length === 0) return;
      this.#turnsInUse += 1;
      void this.#take(next);
    }
  }

  async #take(batch: readonly Waiting[]): Promise<void> {
    const tell = await this.#encode(batch);
    this.#turnsInUse -= 1;
    // First the thread gets its next templates: whoever is told of these has something to do with them.
    this.#takeTurns();
    tell();
  }

  #next(): Waiting[] {
    const { interactive, bulk } = this.#waiting;
    this.#turn += 1;
    const bulksTurn = interactive.length === 0 || this.#turn % TURNS_UNTIL_BULK === 0;
    const queue = bulksTurn && bulk.length > 0 ? bulk : interactive;
    // No more than its share, so that no thread is left without when few wait.
    const most = Math.min(TEMPLATES_A_TASK, Math.ceil(queue.length / this.encoder.threads));
    const next: Waiting[] = [];
    let taken = 0;
    let chars = 0;
    while (taken < queue.length && next.length < most && chars < CHARS_A_TURN) {
      const candidate = queue[taken++];
      if (!candidate || candidate.isTaken) continue;
      candidate.isTaken = true;
      if (candidate.abandoned()) candidate.resolve(undefined);
      else {
        next.push(candidate);
        chars += candidate.template.length;
      }
    }
    queue.splice(0, taken);
    return next.length > 0 || taken === 0 ? next : this.#next();
  }

  /** Gives what tells those who wait; never rejects. */
  async #encode(batch: readonly Waiting[]): Promise<() => void> {
    try {
      const embeddings = await this.encoder.encode(batch.map(({ template }) => template));
      return () => batch.forEach(({ resolve }, index) => resolve(embeddings[index]));
    } catch (error) {
      if (batch.length === 1) return () => batch[0]?.reject(error);
      // One of them may be at fault, and the others are other people's.
      const tells: (() => void)[] = [];
      for (const waiting of batch) tells.push(await this.#encode([waiting]));
      return () => tells.forEach((tell) => tell());
    }
  }
}
