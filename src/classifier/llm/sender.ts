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

/** What a request needs on its way. */
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

/** How often a request is tried. */
export interface SenderSettings {
  /** Tries after the first one. */
  retries: number;
  /** A try that is given up unanswered counts as a timeout once it has lasted this long. */
  patienceMs: number;
}

/**
 * Makes the function that sends a request: in a slot, with retries, as far as the breaker lets them. A slot is
 * kept while waiting for a retry, so that a rate limit slows the requests behind it too. The function gives no
 * labels where there is no answer, and does not reject for it.
 */
export function createSender({ retries, patienceMs }: SenderSettings, parts: SenderParts) {
  const { transport, prompt, breaker, slots, logger, now, wait } = parts;

  return async function send(questions: readonly Question[], context: SendContext): Promise<Labels> {
    try {
      return await slots.run(context.signal, () => tryRepeatedly(questions, context));
    } catch (error) {
      if (context.signal.aborted) return noLabels;
      throw error;
    }
  };

  async function tryRepeatedly(questions: readonly Question[], context: SendContext): Promise<Labels> {
    for (let attempt = 0; ; attempt++) {
      const permit = breaker.enter();
      if (permit === undefined) return noLabels;
      const outcome = await tryOnce(questions, context.signal, permit);
      if (!(outcome instanceof LlmFailure)) return outcome;
      const pauseMs = pauseBeforeRetry(outcome, attempt, context);
      // To be told to wait is part of normal work, as long as we do wait.
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

  /** One try: its labels, or the failure, of which the breaker is still to be told. Throws when given up. */
  async function tryOnce(
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
      // Without this an LLM that hangs would never be found out where the deadline is shorter than the timeout.
      if (signal.aborted && now() - startedAt >= patienceMs) permit.failed(new LlmFailure('timeout'));
      else permit.released();
      throw error;
    }
  }

  /** How long to wait for the next try; undefined if there is to be none, or nobody would wait for it. */
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
