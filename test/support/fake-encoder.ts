import type { Encoder } from '../../src/classifier/embedding/encoder.js';

/** An encoder that notes what it is asked and answers when it is told to; embeddings hold the template's length. */
export class FakeEncoder implements Encoder {
  readonly id = 'fake';
  fingerprint = 'fake';
  readonly dimension = 1;
  /** Batches in the order in which they arrived. */
  readonly asked: string[][] = [];
  closed = false;
  /** Set to fail every further batch. */
  failure: Error | undefined;
  /** Batches with this template fail. */
  poison: string | undefined;
  #held: (() => void)[] | undefined;

  constructor(readonly threads = 1) {}

  /** From now on answers wait for release(). */
  hold(): void {
    this.#held ??= [];
  }

  /** Answers everything that waits, and whatever comes later at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach((answer) => answer());
  }

  async encode(templates: readonly string[]): Promise<Float32Array[]> {
    this.asked.push([...templates]);
    if (this.#held) await new Promise<void>((resolve) => this.#held?.push(resolve));
    if (this.failure) throw this.failure;
    if (this.poison !== undefined && templates.includes(this.poison)) throw new Error('poisoned');
    return templates.map((template) => Float32Array.of(template.length));
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
