import type { Question } from './questions.js';

/** Labels by key; a key that got none is not there. */
export type Labels = ReadonlyMap<string, string>;

/** One request under way, which belongs to all who wait for it and to none of them alone. */
export interface PendingRequest {
  /** What came of it: empty if it failed or was given up. */
  readonly labels: Promise<Labels>;
  /**
   * Waits along until `deadlineAt`. The function returned ends that; when nobody waits any more, the request
   * is aborted.
   */
  join(deadlineAt: number): () => void;
}

/** What a sender may know of those who wait. */
export interface SendContext {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** The latest moment that somebody waits for. */
  readonly latestDeadline: () => number;
}

/** The requests under way, by the questions that they ask. */
export interface PendingRequests {
  find(key: string): PendingRequest | undefined;
  /** Sends a request. The caller must join at once: nobody else is there to give it up. */
  start(questions: readonly Question[]): PendingRequest;
}

/** Single pending: while a question is being asked it can be found here, so that nobody asks it again. */
export function createPendingRequests(
  send: (questions: readonly Question[], context: SendContext) => Promise<Labels>,
): PendingRequests {
  const byKey = new Map<string, PendingRequest>();

  function start(questions: readonly Question[]): PendingRequest {
    const controller = new AbortController();
    const deadlines = new Set<{ at: number }>();
    const land = () => {
      for (const { key } of questions) if (byKey.get(key) === pending) byKey.delete(key);
    };
    const latestDeadline = () => Math.max(...[...deadlines].map(({ at }) => at));
    const labels = send(questions, { signal: controller.signal, latestDeadline }).finally(land);
    const join = (at: number) => {
      const deadline = { at };
      deadlines.add(deadline);
      return () => {
        deadlines.delete(deadline);
        if (deadlines.size > 0) return;
        // Out of the map first: whoever comes now must not join a request that is being aborted.
        land();
        controller.abort();
      };
    };
    const pending: PendingRequest = { labels, join };
    for (const { key } of questions) byKey.set(key, pending);
    return pending;
  }

  return { find: (key) => byKey.get(key), start };
}
