import { waitAtMost } from './async/wait-at-most.js';

/** 0 when all requests came to their end, 1 when some were cut or something failed. */
export type ExitCode = 0 | 1;

/** What a server does when it is to end. */
export interface EndableServer {
  logger: Record<'info' | 'warn' | 'error', (details: object, message: string) => void>;
  /** How long requests under way may take to end. */
  closeTimeoutMs: number;
  /** Takes no new requests; resolves when those under way have ended and all is closed. */
  close: () => Promise<void>;
  /** Ends the requests under way, and with them `close`. */
  cutRequests: () => Promise<void>;
  /** Lets no inference begin any more; resolves when none runs. */
  stopInference: () => Promise<void>;
}

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2'] as const;

/**
 * Under `npm start` a Ctrl-C reaches the process twice: from the terminal, and some 10 ms later from npm. SIGINT within
 * this time after the first signal is therefore no second one.
 */
const SAME_CTRL_C_MS = 200;

/** How long `close` may still take once the requests are cut: their connections have to close, and files. */
const CUT_LIMIT_MS = 5_000;

/**
 * Ends the process when a signal or an unforeseen error asks for it. Requests under way may come to their end, until
 * a second signal or the time limit cuts them. The process never exits while an inference runs: onnxruntime aborts it
 * when the thread of an inference is stopped.
 */
export class Ending {
  #server: EndableServer | undefined;
  #code: ExitCode = 0;
  #hasBegun = false;
  #begunAt = 0;
  readonly #secondSignal = new AbortController();

  /** From now on signals end the process; until there is a server, at once. */
  constructor(private readonly exit: (code: ExitCode) => void) {
    for (const signal of SIGNALS) process.on(signal, () => this.#onSignal(signal));
  }

  /** Tells which server is to end; it may still be starting. From now on unforeseen errors end the process too. */
  serves(server: EndableServer): void {
    this.#server = server;
    const onError = (err: unknown): void => {
      this.#code = 1;
      server.logger.error({ err }, 'the server ends because of an unforeseen error');
      this.#begin(server);
    };
    process.on('uncaughtException', onError).on('unhandledRejection', onError);
  }

  #onSignal(signal: string): void {
    const server = this.#server;
    if (!server) {
      this.exit(0);
    } else if (this.#hasBegun) {
      if (signal === 'SIGINT' && performance.now() - this.#begunAt < SAME_CTRL_C_MS) return;
      this.#secondSignal.abort(`a second signal, ${signal}`);
    } else {
      server.logger.info({ signal }, 'closing: uploads under way may end');
      this.#begin(server);
    }
  }

  #begin(server: EndableServer): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#begunAt = performance.now();
    void this.#end(server);
  }

  /** Never rejects: whatever happens, it exits. */
  async #end(server: EndableServer): Promise<void> {
    const fail = (err: unknown): void => {
      this.#code = 1;
      server.logger.error({ err }, 'closing failed');
    };
    const closed = server.close().catch(fail);
    const { signal } = this.#secondSignal;
    const outcome = await waitAtMost(closed, server.closeTimeoutMs, signal);
    if (outcome !== 'done') {
      this.#code = 1;
      const reason: unknown = outcome === 'timeout' ? 'CLOSE_TIMEOUT_MS is over' : signal.reason;
      server.logger.warn({ reason }, 'requests under way are cut');
      const cut = server.cutRequests().then(() => closed, fail);
      await waitAtMost(cut, CUT_LIMIT_MS);
    }
    await server.stopInference().catch(fail);
    this.exit(this.#code);
  }
}
