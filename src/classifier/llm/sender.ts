import type { Logger } from '../types.js';
import type { Breaker, Permit } from './breaker.js';
import type { SendContext, Labels } from './pending-requests.js';
import type { Transport } from './groq-transport.js';
import { LlmFailure } from './llm-failure.js';
import type { Prompt } from './prompt.js';
import type { Question } from './questions.js';
import type { Slots } from './slots.js';

/**
 * The pause before the first retry. It doubles with each attempt. Up to a quarter of it is subtracted at random, so that
 * requests do not all retry at once.
 */
const FIRST_BACKOFF_MS = 500;
const noLabels: Labels = new Map();

/** The dependencies of a sender. */
export interface SenderParts {
  transport: Transport;
  prompt: Prompt;
  breaker: Breaker;
  slots: Slots;
  logger: Logger;
  /** A monotonic clock in milliseconds. */
  now: () => number;
  /** Resolves after `ms` milliseconds. Rejects when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The settings of retries. */
export interface SenderSettings {
  /** Attempts after the first one. */
  retries: number;
  /** The breaker counts an aborted attempt as a timeout if it lasted at least this many milliseconds. */
  countsAsTimeoutMs: number;
}

/**
 * Sends one request with these questions. Resolves with the labels of the answer, by the keys of the questions. The map
 * is empty when the breaker is open, when all attempts fail, or when the signal aborts.
 */
export type Send = (questions: readonly Question[], context: SendContext) => Promise<Labels>;

/**
 * Returns a function that sends a request in a slot, with retries, if the breaker permits it. A request keeps its slot
 * while it waits for a retry. Thus a rate limit slows down the requests in the queue too.
 */
export function createSender(settings: SenderSettings, parts: SenderParts): Send {
  const sender = new Sender(settings, parts);
  return (questions, context) => sender.send(questions, context);
}

class Sender {
  constructor(
    private readonly settings: SenderSettings,
    private readonly parts: SenderParts,
  ) {}

  async send(questions: readonly Question[], context: SendContext): Promise<Labels> {
    try {
      return await this.parts.slots.run(context.signal, () => this.#sendWithRetries(questions, context));
    } catch (error) {
      if (context.signal.aborted) return noLabels;
      throw error;
    }
  }

  async #sendWithRetries(questions: readonly Question[], context: SendContext): Promise<Labels> {
    for (let attempt = 0; ; attempt++) {
      const permit = this.parts.breaker.enter();
      if (permit === undefined) return noLabels;
      const outcome = await this.#sendOnce(questions, context.signal, permit);
      if (!(outcome instanceof LlmFailure)) return outcome;
      const pauseMs = this.#pauseBeforeRetry(outcome, attempt, context);
      // A rate limit is not a failure if the request is retried.
      if (outcome.kind === 'rate-limit' && pauseMs !== undefined) permit.released();
      else permit.failed(outcome);
      if (pauseMs === undefined) {
        this.#logFailure(outcome, attempt + 1, questions.length);
        return noLabels;
      }
      await this.parts.wait(pauseMs, context.signal);
    }
  }

  /**
   * Makes one attempt. Returns the labels, or a failure that the caller must report to the permit.
   * @throws the signal's reason when the signal aborts
   */
  async #sendOnce(
    questions: readonly Question[],
    signal: AbortSignal,
    permit: Permit,
  ): Promise<Labels | LlmFailure> {
    const { transport, prompt, now } = this.parts;
    const startedAt = now();
    try {
      const answer = await transport.complete(prompt.toRequest(questions), signal);
      const labels = prompt.readAnswer(questions, answer);
      permit.succeeded();
      return labels;
    } catch (error) {
      if (error instanceof LlmFailure) return error;
      // If the deadline is shorter than the timeout, no attempt times out. A hanging LLM is detected here instead.
      const isTimeout = signal.aborted && now() - startedAt >= this.settings.countsAsTimeoutMs;
      if (isTimeout) permit.failed(new LlmFailure('timeout'));
      else permit.released();
      throw error;
    }
  }

  /** Returns the wait before the next attempt in ms, or undefined if no attempt may start before the latest deadline. */
  #pauseBeforeRetry(
    failure: LlmFailure,
    attempt: number,
    { latestDeadline }: SendContext,
  ): number | undefined {
    if (!failure.retryable || attempt >= this.settings.retries) return undefined;
    const backoffMs = FIRST_BACKOFF_MS * 2 ** attempt * (1 - Math.random() / 4);
    const pauseMs = failure.retryAfterMs ?? backoffMs;
    return this.parts.now() + pauseMs < latestDeadline() ? pauseMs : undefined;
  }

  #logFailure({ kind: reason, status }: LlmFailure, tries: number, templates: number): void {
    this.parts.logger.info({ reason, status, tries, templates }, 'LLM request failed');
  }
}
