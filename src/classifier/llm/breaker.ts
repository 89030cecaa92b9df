import type { Logger } from '../types.js';
import type { LlmFailure } from './llm-failure.js';

/** Permission for one attempt. Call exactly one of its methods when the attempt has ended. */
export interface Permit {
  succeeded(): void;
  failed(failure: LlmFailure): void;
  /** The attempt ended without saying anything about the LLM, for example because it was aborted. */
  released(): void;
}

/** Blocks attempts for a while after several have failed in a row. */
export interface Breaker {
  /** Whether an attempt would be permitted now. */
  ready(): boolean;
  /** Returns a permit, or undefined while the breaker is open. After the pause it permits one attempt at a time. */
  enter(): Permit | undefined;
}

/** Longer than other pauses: a refused key is rarely accepted a minute later. */
const KEY_REFUSED_PAUSE_MS = 15 * 60_000;

/**
 * Creates a circuit breaker. It opens for `pauseMs` after `failures` failures in a row. A refused key opens it at once
 * and for at least 15 minutes. After the pause, a single trial decides whether it closes. It logs when it opens and
 * when it closes.
 */
export function createBreaker(
  settings: { failures: number; pauseMs: number },
  { logger, now }: { logger: Logger; now: () => number },
): Breaker {
  let failuresInARow = 0;
  let openUntil: number | undefined;
  let isTrialRunning = false;

  const pauseFor = ({ kind }: LlmFailure) =>
    kind === 'key-refused' ? Math.max(KEY_REFUSED_PAUSE_MS, settings.pauseMs) : settings.pauseMs;

  function onSuccess(): void {
    failuresInARow = 0;
    if (openUntil === undefined) return;
    openUntil = undefined;
    logger.info({}, 'LLM answers again');
  }

  function onFailure(failure: LlmFailure, isTrial: boolean): void {
    if (isTrial) openUntil = now() + pauseFor(failure);
    // The breaker is open already. An attempt that began earlier does not prolong the pause.
    if (openUntil !== undefined) return;
    failuresInARow++;
    if (failure.kind !== 'key-refused' && failuresInARow < settings.failures) return;
    const pauseMs = pauseFor(failure);
    openUntil = now() + pauseMs;
    logger.warn({ reason: failure.kind, status: failure.status, failuresInARow, pauseMs }, 'LLM paused');
  }

  const ready = () => openUntil === undefined || (!isTrialRunning && now() >= openUntil);

  return {
    ready,
    enter() {
      if (!ready()) return undefined;
      const isTrial = openUntil !== undefined;
      if (isTrial) isTrialRunning = true;
      const released = () => {
        if (isTrial) isTrialRunning = false;
      };
      return {
        released,
        succeeded() {
          released();
          onSuccess();
        },
        failed(failure) {
          released();
          onFailure(failure, isTrial);
        },
      };
    },
  };
}
