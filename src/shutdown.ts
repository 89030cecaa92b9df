import { waitAtMost } from './async/wait-at-most.js';

/** 0 if all requests finished, 1 if some were aborted or something failed. */
export type ExitCode = 0 | 1;

/** What a shutdown needs from the server. */
export interface StoppableServer {
  logger: Record<'info' | 'warn' | 'error', (details: object, message: string) => void>;
  /** How long current requests may take to finish. */
  closeTimeoutMs: number;
  /** Stops accepting requests. Resolves when current requests have finished and everything is closed. */
  close: () => Promise<void>;
  /** Aborts current requests, so that `close` resolves. */
  abortRequests: () => Promise<void>;
  /** Starts no more inferences. Resolves when none is running. */
  stopInference: () => Promise<void>;
}

const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2'] as const;

/**
 * Under `npm start` one Ctrl-C sends two SIGINTs: one from the terminal and, about 10 ms later, one from npm. A SIGINT this
 * soon after the first signal is therefore ignored.
 */
const SAME_CTRL_C_MS = 200;

/** How long `close` may take after the requests were aborted. Connections and files still have to close. */
const CLOSE_AFTER_ABORT_MS = 5_000;

/**
 * Ends the process on a signal or an uncaught error. Current requests may finish, until a second signal or the time limit
 * aborts them. The process never exits during an inference, because onnxruntime aborts the process when its thread is stopped.
 */
export class Shutdown {
  #server: StoppableServer | undefined;
  #code: ExitCode = 0;
  #hasBegun = false;
  #begunAt = 0;
  readonly #secondSignal = new AbortController();

  /** Starts to handle signals. Until `watch` is called, a signal ends the process at once. */
  constructor(private readonly exit: (code: ExitCode) => void) {
    for (const signal of SIGNALS) process.on(signal, () => this.#onSignal(signal));
  }

  /** Sets the server to stop, which may still be starting. From now on uncaught errors cause a shutdown too. */
  watch(server: StoppableServer): void {
    this.#server = server;
    const onError = (err: unknown): void => {
      this.#code = 1;
      server.logger.error({ err }, 'shutting down because of an uncaught error');
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
      this.#secondSignal.abort(`second signal: ${signal}`);
    } else {
      server.logger.info({ signal }, 'shutting down: current requests may finish');
      this.#begin(server);
    }
  }

  #begin(server: StoppableServer): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#begunAt = performance.now();
    void this.#run(server);
  }

  /** Never rejects, and always exits. */
  async #run(server: StoppableServer): Promise<void> {
    const fail = (err: unknown): void => {
      this.#code = 1;
      server.logger.error({ err }, 'shutdown failed');
    };
    const closed = server.close().catch(fail);
    const { signal } = this.#secondSignal;
    const outcome = await waitAtMost(closed, server.closeTimeoutMs, signal);
    if (outcome !== 'done') {
      this.#code = 1;
      const reason: unknown = outcome === 'timeout' ? 'CLOSE_TIMEOUT_MS has passed' : signal.reason;
      server.logger.warn({ reason }, 'aborting current requests');
      const aborted = server.abortRequests().then(() => closed, fail);
      await waitAtMost(aborted, CLOSE_AFTER_ABORT_MS);
    }
    await server.stopInference().catch(fail);
    this.exit(this.#code);
  }
}
