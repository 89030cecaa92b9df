import type { Question } from './questions.js';

/** Labels by the key of their question. A question without a label has no entry. */
export type Labels = ReadonlyMap<string, string>;

/** A request that has been sent and not answered. Several sessions may wait for it. */
export interface PendingRequest {
  /** Resolves with the labels of the answer; empty if the request failed or was aborted. */
  readonly labels: Promise<Labels>;
  /**
   * Adds a caller that waits until `deadlineAt`. Returns a callback that removes it. The request is aborted when the
   * last caller is removed.
   */
  join(deadlineAt: number): () => void;
}

/** What the sender of a request knows about the callers that wait for it. */
export interface SendContext {
  /** Aborts when the last caller has left. */
  readonly signal: AbortSignal;
  /** Returns the latest deadline of all callers. */
  readonly latestDeadline: () => number;
}

/** The pending requests, by the keys of their questions. */
export interface PendingRequests {
  find(key: string): PendingRequest | undefined;
  /** Sends a request. The caller must join it in the same turn: a request without callers is never aborted. */
  start(questions: readonly Question[]): PendingRequest;
}

/**
 * Creates a registry of pending requests, so that concurrent sessions share one request for the same question.
 * @param send sends the questions; it resolves with an empty map where there is no answer
 */
export function createPendingRequests(
  send: (questions: readonly Question[], context: SendContext) => Promise<Labels>,
): PendingRequests {
  const byKey = new Map<string, PendingRequest>();

  function start(questions: readonly Question[]): PendingRequest {
    const controller = new AbortController();
    const deadlines = new Set<{ at: number }>();
    const removeEntries = () => {
      for (const { key } of questions) if (byKey.get(key) === pending) byKey.delete(key);
    };
    const latestDeadline = () => Math.max(...[...deadlines].map(({ at }) => at));
    const labels = send(questions, { signal: controller.signal, latestDeadline }).finally(removeEntries);
    const join = (at: number) => {
      const deadline = { at };
      deadlines.add(deadline);
      return () => {
        deadlines.delete(deadline);
        if (deadlines.size > 0) return;
        // Remove the entries before the abort: a new caller must not join an aborted request.
        removeEntries();
        controller.abort();
      };
    };
    const pending: PendingRequest = { labels, join };
    for (const { key } of questions) byKey.set(key, pending);
    return pending;
  }

  return { find: (key) => byKey.get(key), start };
}
