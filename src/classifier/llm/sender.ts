import type { Logger } from '../types.js';
import type { Breaker, Permit } from './breaker.js';
import type { SendContext, Labels } from './pending-requests.js';
import type { Transport } from './groq-transport.js';
import { LlmFailure } from './llm-failure.js';
import type { Prompt } from './prompt.js';
import type { Question } from './questions.js';
import type { Slots } from './slots.js';

const FIRST_BACKOFF_MS = 500;
const noLabels: Labels = new Map();

/** The dependencies of a sender. */
export interface SenderParts {
  transport: Transport;
  prompt: Prompt;
  breaker: Breaker;
  slots: Slots;
  logger: Logger;
  now: () => number;
  /** Resolves after `ms`, rejects when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How a request is retried. */
export interface SenderSettings {
  /** Attempts after the first one. */
  retries: number;
  /** An aborted attempt that lasted at least this long counts as a timeout for the breaker. */
  countsAsTimeoutMs: number;
}

/**
 * Returns a function that sends a request in a slot, with retries, if the breaker permits it. It resolves with an empty
 * map when the attempts fail or the signal aborts. It keeps its slot while it waits for a retry, so a rate limit slows
 * down the requests in the queue too.
 */
export function createSender({ retries, countsAsTimeoutMs }: SenderSettings, parts: SenderParts) {
  const { transport, prompt, breaker, slots, logger, now, wait } = parts;

  return async function send(questions: readonly Question[], context: SendContext): Promise<Labels> {
    try {
      return await slots.run(context.signal, () => sendWithRetries(questions, context));
    } catch (error) {
      if (context.signal.aborted) return noLabels;
      throw error;
    }
  };

  async function sendWithRetries(questions: readonly Question[], context: SendContext): Promise<Labels> {
    for (let attempt = 0; ; attempt++) {
      const permit = breaker.enter();
      if (permit === undefined) return noLabels;
      const outcome = await sendOnce(questions, context.signal, permit);
      if (!(outcome instanceof LlmFailure)) return outcome;
      const pauseMs = pauseBeforeRetry(outcome, attempt, context);
      // A rate limit is not a failure if the request is retried.
      if (outcome.kind === 'rate-limit' && pauseMs !== undefined) permit.released();
      else permit.failed(outcome);
      if (pauseMs === undefined) {
        const { kind: reason, status } = outcome;
        logger.info(
          { reason, status, tries: attempt + 1, templates: questions.length },
          'LLM request failed',
        );
        return noLabels;
      }
      await wait(pauseMs, context.signal);
    }
  }

  /**
   * Makes one attempt. Returns the labels, or a failure that the caller must report to the permit.
   * @throws the signal's reason when the signal aborts
   */
  async function sendOnce(
    questions: readonly Question[],
    signal: AbortSignal,
    permit: Permit,
  ): Promise<Labels | LlmFailure> {
    const startedAt = now();
    try {
      const labels = prompt.readAnswer(
        questions,
        await transport.complete(prompt.toRequest(questions), signal),
      );
      permit.succeeded();
      return labels;
    } catch (error) {
      if (error instanceof LlmFailure) return error;
      // If the deadline is shorter than the timeout, no attempt times out. A hanging LLM is detected here instead.
      if (signal.aborted && now() - startedAt >= countsAsTimeoutMs) permit.failed(new LlmFailure('timeout'));
      else permit.released();
      throw error;
    }
  }

  /** Returns the wait before the next attempt in ms, or undefined if there is none before the latest deadline. */
  function pauseBeforeRetry(
    failure: LlmFailure,
    attempt: number,
    { latestDeadline }: SendContext,
  ): number | undefined {
    if (!failure.retryable || attempt >= retries) return undefined;
    const backoffMs = FIRST_BACKOFF_MS * 2 ** attempt * (1 - Math.random() / 4);
    const pauseMs = failure.retryAfterMs ?? backoffMs;
    return now() + pauseMs < latestDeadline() ? pauseMs : undefined;
  }
}
