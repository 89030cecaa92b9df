import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../types.js';
import { createBreaker } from './breaker.js';
import { createPendingRequests, type SendContext } from './pending-requests.js';
import { createGroqTransport } from './groq-transport.js';
import { createSession, type LlmSession } from './llm-session.js';
import { createPrompt, type LlmCatalogue } from './prompt.js';
import { createKeyOf, type Question } from './questions.js';
import { createSender } from './sender.js';
import { createSlots } from './slots.js';

export type { LlmItem, LlmSession } from './llm-session.js';
export type { LlmCatalogue } from './prompt.js';

/** All times are in milliseconds. */
export interface LlmSettings {
  /** Without one (or with a blank one) nothing is ever asked. */
  apiKey: string | undefined;
  /** Host without `/openai/v1`, which the SDK adds; Groq's own if not given. */
  baseUrl: string | undefined;
  model: string;
  /** For one try, to the last byte of its answer. */
  timeoutMs: number;
  /** Tries after the first, of one request. They do not count against `maxRequests`. */
  retries: number;
  /** For an upload, from the first time that it has something to ask. */
  deadlineMs: number;
  /** For an upload; a request that another upload waits on as well counts for the one that started it. */
  maxRequests: number;
  templatesPerRequest: number;
  /** Requests at a time, over all uploads. */
  concurrency: number;
  cacheEntries: number;
  /** Failed tries in a row after which there are none for `breakerPauseMs`. */
  breakerFailures: number;
  breakerPauseMs: number;
}

/** The LLM as a tier of the classifier. */
export interface LlmTier {
  /** A session for one upload; when the signal aborts, its requests end unless other sessions wait on them. */
  openSession(options: { signal?: AbortSignal }): LlmSession;
}

/** What the tier needs from outside. */
export interface LlmTierParts {
  logger: Logger;
  /** A clock that only goes forward, in milliseconds; `performance.now` if not given. */
  now?: () => number;
  /** Waits before a retry; real time if not given. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Masks the variable parts of a message: messages with equal templates share one answer. */
  toTemplate: (message: string) => string;
}

/**
 * The LLM tier: cache, single pending, limits and breaker around Groq, shared by all sessions. Answers are
 * cached by source, template, model and catalogue; failures are not.
 * @example createLlmTier(settings, catalogue, { logger, toTemplate }).openSession({}).classify(items)
 */
export function createLlmTier(settings: LlmSettings, catalogue: LlmCatalogue, parts: LlmTierParts): LlmTier {
  const apiKey = settings.apiKey?.trim();
  if (apiKey === undefined || apiKey === '') return { openSession: openMuteSession };
  const { now = () => performance.now(), logger, toTemplate } = parts;
  const breaker = createBreaker(
    { failures: settings.breakerFailures, pauseMs: settings.breakerPauseMs },
    { logger, now },
  );
  const cache = new LRUCache<string, string>({ max: settings.cacheEntries });
  const send = createSender(
    { retries: settings.retries, patienceMs: Math.min(settings.timeoutMs, settings.deadlineMs) / 2 },
    {
      transport: createGroqTransport({ ...settings, apiKey }),
      prompt: createPrompt(catalogue),
      breaker,
      slots: createSlots(settings.concurrency),
      logger,
      now,
      wait: parts.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    },
  );
  async function sendAndKeep(questions: readonly Question[], context: SendContext) {
    const labels = await send(questions, context);
    for (const [key, label] of labels) cache.set(key, label);
    return labels;
  }
  const keyOf = createKeyOf([settings.model, catalogue.labels], toTemplate);
  const shared = { keyOf, cache, pendingRequests: createPendingRequests(sendAndKeep), breaker, now };
  return { openSession: ({ signal }) => createSession(settings, shared, signal) };
}

/** A session without a key: never an answer, never a connection. */
function openMuteSession({ signal }: { signal?: AbortSignal }): LlmSession {
  return {
    classify: (items) =>
      signal?.aborted === true
        ? Promise.reject(signal.reason as Error)
        : Promise.resolve(items.map(() => undefined)),
  };
}
