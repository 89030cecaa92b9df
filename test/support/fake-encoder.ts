import type { Encoder } from '../../src/classifier/embedding/encoder.js';

/** An encoder that records its batches and can hold its answers. An embedding contains the template's length. */
export class FakeEncoder implements Encoder {
  readonly id = 'fake';
  fingerprint = 'fake';
  readonly dimension = 1;
  /** Batches in the order in which they arrived. */
  readonly asked: string[][] = [];
  closed = false;
  /** If set, every further batch fails with it. */
  failure: Error | undefined;
  /** Batches with this template fail. */
  poison: string | undefined;
  #held: (() => void)[] | undefined;

  constructor(readonly threads = 1) {}

  /** Holds all answers until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Sends all held answers, and from now on answers at once. */
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
