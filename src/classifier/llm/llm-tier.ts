import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../types.js';
import { createBreaker } from './breaker.js';
import { createPendingRequests, type SendContext } from './pending-requests.js';
import { createGroqTransport } from './groq-transport.js';
import { createSession, type LlmItem, type LlmSession } from './llm-session.js';
import type { LlmPreview } from './llm-preview.js';
import { createPrompt, type LlmCatalogue } from './prompt.js';
import { createKeyOf, toQuestion, type Question } from './questions.js';
import { createSender } from './sender.js';
import { createSlots } from './slots.js';

export type { LlmItem, LlmSession } from './llm-session.js';
export type { LlmCatalogue } from './prompt.js';

/** The settings of the tier. All times are in milliseconds. */
export interface LlmSettings {
  /** Without a key, or with a blank one, the tier sends no requests. */
  apiKey: string | undefined;
  /** The server's URL without `/openai/v1`, which the SDK adds. Default: Groq's server. */
  baseUrl: string | undefined;
  model: string;
  /** The time limit of one attempt, until the last byte of the response. */
  timeoutMs: number;
  /** The most attempts of one request after the first. They do not count against `maxRequests`. */
  retries: number;
  /** The time limit of one upload. It begins with the first question that the cache cannot answer. */
  deadlineMs: number;
  /** The most requests of one upload. A request that several uploads share counts for the upload that started it. */
  maxRequests: number;
  /** The most templates in one request. */
  templatesPerRequest: number;
  /** The most simultaneous requests of all uploads together. */
  concurrency: number;
  /** The most labels in the cache. */
  cacheEntries: number;
  /** After this many failed attempts in a row, the tier sends nothing for `breakerPauseMs`. */
  breakerFailures: number;
  breakerPauseMs: number;
}

/** The LLM as a tier of the classifier. */
export interface LlmTier {
  /** Opens a session for one upload. When the signal aborts, requests that no other session shares are aborted. */
  openSession(options: { signal?: AbortSignal }): LlmSession;
  /** Returns what the LLM gets to see of an item, and its label if it is known. Sends nothing. */
  preview(item: LlmItem): LlmPreview;
}

/** The dependencies of the tier. */
export interface LlmTierParts {
  logger: Logger;
  /** A monotonic clock in milliseconds; default: `performance.now`. */
  now?: () => number;
  /** Waits before a retry. Rejects when the signal aborts. Default: a timer. */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Returns the template of a message. Messages of one source with equal templates share one question. */
  toTemplate: (message: string) => string;
}

/**
 * Creates the LLM tier. All sessions share its cache, pending requests, limits and breaker. Labels are cached by
 * source, template, model and catalogue; failures are not cached.
 * @example createLlmTier(settings, catalogue, { logger, toTemplate }).openSession({}).classify(items)
 */
export function createLlmTier(settings: LlmSettings, catalogue: LlmCatalogue, parts: LlmTierParts): LlmTier {
  const apiKey = settings.apiKey?.trim();
  const prompt = createPrompt(catalogue);
  const { model } = settings;
  const contentFor = (item: LlmItem) => {
    const question = toQuestion('', item);
    const { system: instructions } = prompt.toRequest([question]);
    return { model, instructions, source: question.source, message: question.message };
  };
  if (apiKey === undefined || apiKey === '') {
    return {
      openSession: openSessionWithoutKey,
      preview: (item) => ({ state: 'no-key', ...contentFor(item) }),
    };
  }
  const { now = () => performance.now(), logger, toTemplate } = parts;
  const breaker = createBreaker(
    { failures: settings.breakerFailures, pauseMs: settings.breakerPauseMs },
    { logger, now },
  );
  const cache = new LRUCache<string, string>({ max: settings.cacheEntries });
  const send = createSender(
    {
      retries: settings.retries,
      // Half: an upload's deadline aborts an attempt that started late before the full time has passed.
      countsAsTimeoutMs: Math.min(settings.timeoutMs, settings.deadlineMs) / 2,
    },
    {
      transport: createGroqTransport({ ...settings, apiKey }),
      prompt,
      breaker,
      slots: createSlots(settings.concurrency),
      logger,
      now,
      wait: parts.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    },
  );
  async function sendAndCache(questions: readonly Question[], context: SendContext) {
    const labels = await send(questions, context);
    for (const [key, label] of labels) cache.set(key, label);
    return labels;
  }
  const keyOf = createKeyOf([model, catalogue.labels], toTemplate);
  const shared = { keyOf, cache, pendingRequests: createPendingRequests(sendAndCache), breaker, now };
  return {
    openSession: ({ signal }) => createSession(settings, shared, signal),
    preview: (item) => {
      // `peek` does not count as a use: explaining a line keeps no label in the cache.
      const label = cache.peek(keyOf(item));
      if (label !== undefined) return { state: 'answered', label, ...contentFor(item) };
      return { state: breaker.ready() ? 'not-asked' : 'paused', ...contentFor(item) };
    },
  };
}

/** Opens a session that sends nothing and returns no label for any item. */
function openSessionWithoutKey({ signal }: { signal?: AbortSignal }): LlmSession {
  return {
    classify: (items) =>
      signal?.aborted === true
        ? Promise.reject(signal.reason as Error)
        : Promise.resolve(items.map(() => undefined)),
  };
}
