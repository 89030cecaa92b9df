import { loopTurn } from '../../async/loop-turns.js';
import type { Breaker } from './breaker.js';
import type { PendingRequest, PendingRequests, Labels } from './pending-requests.js';
import { toBatches, toQuestion, type Question } from './questions.js';

/** A line to be labelled by the LLM. */
export interface LlmItem {
  readonly source: string;
  readonly message: string;
}

/** The LLM for one upload, which may come in many parts: they share one deadline and one cap on requests. */
export interface LlmSession {
  /**
   * One entry for each item, in order: its label, or undefined where the LLM could not be asked (no key, cap
   * reached, deadline over, failure, breaker open). Rejects only with the reason of the session's signal.
   */
  classify(items: readonly LlmItem[]): Promise<(string | undefined)[]>;
}

/** The bounds of a session. */
export interface SessionLimits {
  /** From the first question that no cache answers. */
  deadlineMs: number;
  maxRequests: number;
  templatesPerRequest: number;
}

/** What all sessions share. */
export interface SharedParts {
  keyOf: (item: LlmItem) => string;
  cache: { get(key: string): string | undefined };
  pendingRequests: PendingRequests;
  breaker: Pick<Breaker, 'ready'>;
  now: () => number;
}

/** So much text is masked before the event loop turns. */
const CHARS_PER_TURN = 10_000;

/** The longest delay that setTimeout knows; it takes a longer one for none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Opens a session. Each distinct source and template is asked once, whoever asks for it at the same time. */
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
    items.forEach((item, place) => {
      const key = keys[place] ?? '';
      const cached = cache.get(key);
      if (cached !== undefined) labels.set(key, cached);
      else if (!unanswered.has(key)) unanswered.set(key, item);
    });
    if (unanswered.size > 0) await ask(unanswered, labels);
    return keys.map((key) => labels.get(key));
  }

  /** Adds to `labels` what is answered before the deadline. */
  async function ask(unanswered: ReadonlyMap<string, LlmItem>, labels: Map<string, string>): Promise<void> {
    deadlineAt ??= now() + deadlineMs;
    if (deadlineAt <= now()) return;
    const prepared = await prepare(unanswered);
    // An abort from here on is heard below; one while the questions were made would not be.
    signal?.throwIfAborted();
    const joined = [...board(unanswered, prepared, labels)].map((pending) => ({
      pending,
      leave: pending.join(deadlineAt ?? 0),
    }));
    const leftMs = Math.max(0, deadlineAt - now());
    const collect = (answers: Labels) => {
      for (const [key, label] of answers) if (unanswered.has(key)) labels.set(key, label);
    };
    try {
      await settled(Promise.all(joined.map(({ pending }) => pending.labels.then(collect))), leftMs, signal);
    } finally {
      for (const { leave } of joined) leave();
    }
  }

  /**
   * The questions of the items that nobody asks yet, as far as the cap allows. To mask a long message takes
   * milliseconds, so the event loop turns between them.
   */
  async function prepare(unanswered: ReadonlyMap<string, LlmItem>): Promise<Map<string, Question>> {
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
   * The requests that answer these items: others' that are under way, and new ones as far as the cap allows. It runs
   * in one turn of the event loop, so that no two sessions start a request for one key. What has been answered since
   * the cache was looked at goes into `labels`.
   */
  function board(
    unanswered: ReadonlyMap<string, LlmItem>,
    prepared: ReadonlyMap<string, Question>,
    labels: Map<string, string>,
  ): Set<PendingRequest> {
    const boarded = new Set<PendingRequest>();
    const questions: Question[] = [];
    for (const [key, item] of unanswered) {
      const cached = cache.get(key);
      const pending = pendingRequests.find(key);
      if (cached !== undefined) labels.set(key, cached);
      else if (pending !== undefined) boarded.add(pending);
      else if (questions.length < questionsLeft() && breaker.ready()) {
        // One without a question was asked by a request that has been given up since.
        questions.push(prepared.get(key) ?? toQuestion(key, item));
      }
    }
    for (const batch of toBatches(questions, templatesPerRequest).slice(0, requestsLeft)) {
      requestsLeft--;
      boarded.add(pendingRequests.start(batch));
    }
    return boarded;
  }

  return { classify };
}

/** Resolves when the work is done or its time is over, whichever is first; rejects when the signal aborts. */
async function settled(work: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
  const cleared = new AbortController();
  const bound = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, Math.min(ms, MAX_TIMER_MS));
    const onAbort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true, signal: cleared.signal });
    cleared.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  try {
    await Promise.race([work, bound]);
  } finally {
    cleared.abort();
  }
}
