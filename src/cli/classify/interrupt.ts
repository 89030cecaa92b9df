/** The signals that end the command. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A live input may be labelled to what has arrived for this long after the signal. */
const LIVE_END_MS = 700;

/** A signal ended the command before its answer was complete. */
export class Interrupted extends Error {
  override name = 'Interrupted';
  constructor(readonly signal: NodeJS.Signals) {
    super(`${signal} ended the command.`);
  }
}

/**
 * Handles Ctrl-C and other signals that end the command. A live input has no other end: what has arrived is still labelled.
 * Any other work is aborted between two pieces of output. A second signal ends the process at once.
 */
export class Interrupts {
  readonly #end = new AbortController();
  readonly #abort = new AbortController();
  /** Whether the current input is live. */
  isLive = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #onSignal = (signal: NodeJS.Signals): void => {
    if (this.#end.signal.aborted) {
      this.dieBy(signal);
      return;
    }
    this.#end.abort();
    const abort = (): void => this.#abort.abort(new Interrupted(signal));
    if (this.isLive) this.#timer = setTimeout(abort, LIVE_END_MS).unref();
    else abort();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** Aborts when a live input is to end. */
  get end(): AbortSignal {
    return this.#end.signal;
  }

  /** Aborts when all work is to end. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** Stops handling signals, and ends a live input that failed: otherwise a file would be followed further. */
  close(): void {
    this.#end.abort();
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  /** Ends the process by the signal, as if it were not handled, so that a shell knows. It also works amid an inference. */
  dieBy(signal: NodeJS.Signals): void {
    this.close();
    process.kill(process.pid, signal);
  }
}
