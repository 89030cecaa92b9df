import { loopTurn } from '../../async/loop-turns.js';
import { waitAtMost } from '../../async/wait-at-most.js';
import type { Breaker } from './breaker.js';
import type { PendingRequest, PendingRequests, Labels } from './pending-requests.js';
import { toBatches, toQuestion, type Question } from './questions.js';

/** A record for the LLM to label. */
export interface LlmItem {
  readonly source: string;
  readonly message: string;
}

/** Labels the items of one upload. All calls share one deadline and one limit on requests. */
export interface LlmSession {
  /**
   * Returns one entry for each item, in order: its label, or undefined if the LLM gave none (no key, limit on requests
   * reached, deadline passed, failure, breaker open).
   * @throws the reason of the session's signal when it aborts, and nothing else
   */
  classify(items: readonly LlmItem[]): Promise<(string | undefined)[]>;
}

/** The limits of one session. */
export interface SessionLimits {
  /** In milliseconds, from the first question that the cache cannot answer. */
  deadlineMs: number;
  maxRequests: number;
  templatesPerRequest: number;
}

/** The parts that all sessions share. */
export interface SharedParts {
  /** Returns the key of an item's question. Items with equal keys share one label. */
  keyOf: (item: LlmItem) => string;
  cache: { get(key: string): string | undefined };
  pendingRequests: PendingRequests;
  breaker: Pick<Breaker, 'ready'>;
  /** A monotonic clock in milliseconds. */
  now: () => number;
}

/** After about this many characters are masked, the event loop turns. */
const CHARS_PER_TURN = 10_000;

/** Creates a session. Concurrent sessions share one question for the same source and template. */
export function createSession(
  { deadlineMs, maxRequests, templatesPerRequest }: SessionLimits,
  { keyOf, cache, pendingRequests, breaker, now }: SharedParts,
  signal?: AbortSignal,
): LlmSession {
  let requestsLeft = maxRequests;
  let deadlineAt: number | undefined;
  const questionsLeft = () => requestsLeft * templatesPerRequest;

  async function classify(items: readonly LlmItem[]): Promise<(string | undefined)[]> {
    signal?.throwIfAborted();
    const keys = items.map(keyOf);
    const labels = new Map<string, string>();
    const unanswered = new Map<string, LlmItem>();
    items.forEach((item, index) => {
      const key = keys[index] ?? '';
      const cached = cache.get(key);
      if (cached !== undefined) labels.set(key, cached);
      else if (!unanswered.has(key)) unanswered.set(key, item);
    });
    if (unanswered.size > 0) await ask(unanswered, labels);
    return keys.map((key) => labels.get(key));
  }

  /** Asks the LLM and adds the labels that arrive before the deadline to `labels`. */
  async function ask(unanswered: ReadonlyMap<string, LlmItem>, labels: Map<string, string>): Promise<void> {
    deadlineAt ??= now() + deadlineMs;
    if (deadlineAt <= now()) return;
    const prepared = await prepareQuestions(unanswered);
    // The signal may have aborted during the wait. Check it before requests are sent.
    signal?.throwIfAborted();
    const joined = [...findOrStartRequests(unanswered, prepared, labels)].map((pending) => ({
      pending,
      leave: pending.join(deadlineAt ?? 0),
    }));
    const leftMs = Math.max(0, deadlineAt - now());
    const collect = (answers: Labels) => {
      for (const [key, label] of answers) if (unanswered.has(key)) labels.set(key, label);
    };
    try {
      const answered = Promise.all(joined.map(({ pending }) => pending.labels.then(collect)));
      if ((await waitAtMost(answered, leftMs, signal)) === 'aborted') signal?.throwIfAborted();
    } finally {
      for (const { leave } of joined) leave();
    }
  }

  /**
   * Returns questions for the items that no pending request asks about, up to the limit on requests. Masking a long
   * message takes milliseconds, so the work is spread over several turns of the event loop.
   */
  async function prepareQuestions(unanswered: ReadonlyMap<string, LlmItem>): Promise<Map<string, Question>> {
    const questions = new Map<string, Question>();
    let chars = 0;
    for (const [key, item] of unanswered) {
      if (questions.size >= questionsLeft() || !breaker.ready()) break;
      if (pendingRequests.find(key) !== undefined) continue;
      if (chars > CHARS_PER_TURN) {
        await loopTurn();
        signal?.throwIfAborted();
        chars = 0;
      }
      questions.set(key, toQuestion(key, item));
      chars += item.message.length;
    }
    return questions;
  }

  /**
   * Returns the requests that ask about these items: pending ones of any session, and new ones up to the limit. Adds
   * labels that the cache has received since the first lookup to `labels`.
   *
   * It is synchronous, so that no other session can start a request for the same key between lookup and start.
   */
  function findOrStartRequests(
    unanswered: ReadonlyMap<string, LlmItem>,
    prepared: ReadonlyMap<string, Question>,
    labels: Map<string, string>,
  ): Set<PendingRequest> {
    const requests = new Set<PendingRequest>();
    const questions: Question[] = [];
    for (const [key, item] of unanswered) {
      const cached = cache.get(key);
      const pending = pendingRequests.find(key);
      if (cached !== undefined) labels.set(key, cached);
      else if (pending !== undefined) requests.add(pending);
      else if (questions.length < questionsLeft() && breaker.ready()) {
        // An item has no prepared question if its request was pending then and has ended since without a label, or if
        // the limit was reached before it.
        questions.push(prepared.get(key) ?? toQuestion(key, item));
      }
    }
    for (const batch of toBatches(questions, templatesPerRequest).slice(0, requestsLeft)) {
      requestsLeft--;
      requests.add(pendingRequests.start(batch));
    }
    return requests;
  }

  return { classify };
}
