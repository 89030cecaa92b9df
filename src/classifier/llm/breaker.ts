import type { Logger } from '../types.js';
import type { LlmFailure } from './llm-failure.js';

/** Leave for one try; exactly one of its methods is to be called when the try has ended. */
export interface Permit {
  succeeded(): void;
  failed(failure: LlmFailure): void;
  /** The try ended without telling anything about the LLM, for example because nobody waits for it any more. */
  released(): void;
}

/** Stops tries for a while after several have failed in a row. */
export interface Breaker {
  /** Whether a try would be let through now. */
  ready(): boolean;
  /** Leave for a try, or nothing while the breaker is open. After the pause one try at a time gets it. */
  enter(): Permit | undefined;
}

/** A key that is refused will hardly be accepted a minute later. */
const KEY_REFUSED_PAUSE_MS = 15 * 60_000;

/**
 * A circuit breaker. `failures` in a row open it for `pauseMs`, a refused key opens it at once and for 15 minutes;
 * then a single trial decides. Opening is logged once, as is recovery.
 */
export function createBreaker(
  settings: { failures: number; pauseMs: number },
  { logger, now }: { logger: Logger; now: () => number },
): Breaker {
  let failuresInARow = 0;
  let openUntil: number | undefined;
  let trialRuns = false;

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
    // A try that set out before the breaker opened has nothing new to say.
    if (openUntil !== undefined) return;
    failuresInARow++;
    if (failure.kind !== 'key-refused' && failuresInARow < settings.failures) return;
    const pauseMs = pauseFor(failure);
    openUntil = now() + pauseMs;
    logger.warn({ reason: failure.kind, status: failure.status, failuresInARow, pauseMs }, 'LLM paused');
  }

  const ready = () => openUntil === undefined || (!trialRuns && now() >= openUntil);

  return {
    ready,
    enter() {
      if (!ready()) return undefined;
      const isTrial = openUntil !== undefined;
      if (isTrial) trialRuns = true;
      const released = () => {
        if (isTrial) trialRuns = false;
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
