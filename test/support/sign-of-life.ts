import type { Reporter, TestModule } from 'vitest/node';

/** After this time without output, the run prints a line. */
const SILENCE_MS = 15_000;

/**
 * A reporter beside the usual one, which writes a line when a file of tests has ended and nothing before: it
 * names the files that run whenever 15 seconds have passed without such a line.
 */
export class SignOfLife implements Reporter {
  readonly #running = new Set<string>();
  readonly #silence: NodeJS.Timeout;
  readonly #startedAt = performance.now();

  constructor() {
    this.#silence = setInterval(() => this.#sayWhatRuns(), SILENCE_MS);
    this.#silence.unref();
  }

  onTestModuleStart({ relativeModuleId }: TestModule): void {
    this.#running.add(relativeModuleId);
  }

  onTestModuleEnd({ relativeModuleId }: TestModule): void {
    this.#running.delete(relativeModuleId);
    this.#silence.refresh();
  }

  #sayWhatRuns(): void {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1000);
    console.log([`   still running after ${seconds} s`, ...this.#running].join(' '));
  }
}
