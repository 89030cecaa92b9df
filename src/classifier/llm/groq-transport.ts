import Groq, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'groq-sdk';
import { z } from 'zod';
import { createBoundedFetch } from './bounded-fetch.js';
import { LlmFailure } from './llm-failure.js';
import type { CompletionRequest } from './prompt.js';

/** Sends one try of a request. */
export interface Transport {
  /**
   * The text of the answer.
   * @throws LlmFailure for everything that can go wrong; the signal's reason when it aborts, and then the
   *   connection is closed
   */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<string>;
}

const DEFAULT_BASE_URL = 'https://api.groq.com';
/**
 * The largest body that is read, of answers and of errors. The largest request allows 2,304 tokens: even at 100 bytes
 * a token its answer fits.
 */
const MAX_ANSWER_BYTES = 256 * 1024;

const completionShape = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

/**
 * Groq's chat completions through its SDK. The SDK's own retries are off: its wait before a retry follows
 * `Retry-After` to any length and cannot be aborted. Its timeout ends with the headers; ours covers the body too.
 */
export function createGroqTransport(settings: {
  apiKey: string;
  baseUrl: string | undefined;
  model: string;
  timeoutMs: number;
}): Transport {
  const { apiKey, baseUrl = DEFAULT_BASE_URL, model, timeoutMs } = settings;
  const client = new Groq({
    apiKey,
    baseURL: baseUrl, // Left out, the SDK would take both from the environment.
    maxRetries: 0,
    timeout: timeoutMs,
    logLevel: 'off', // Its debug lines hold request bodies, and GROQ_LOG would turn them on.
    fetch: createBoundedFetch(MAX_ANSWER_BYTES),
    fetchOptions: { redirect: 'error' }, // Log text goes to the configured host only.
  });
  return {
    async complete(request, signal) {
      const limit = limitTime(timeoutMs, signal);
      try {
        const completion = await client.chat.completions.create(toParams(model, request), {
          signal: limit.signal,
        });
        return contentOf(completion);
      } catch (error) {
        signal.throwIfAborted();
        throw limit.signal.aborted ? new LlmFailure('timeout') : toFailure(error);
      } finally {
        limit.clear();
      }
    },
  };
}

function toParams(model: string, { system, user, schema, maxCompletionTokens }: CompletionRequest) {
  return {
    model,
    messages: [
      { role: 'system' as const, content: system },
      { role: 'user' as const, content: user },
    ],
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'log_labels', strict: true, schema },
    },
    temperature: 0,
    max_completion_tokens: maxCompletionTokens,
    ...(model.startsWith('openai/gpt-oss') && { reasoning_effort: 'low' as const }),
  };
}

function contentOf(completion: unknown): string {
  const { success, data } = completionShape.safeParse(completion);
  const content = success ? data.choices[0]?.message.content : undefined;
  if (content === undefined) throw new LlmFailure('answer-misfit');
  return content;
}

/** A signal that aborts with the given one or when the time is over. `AbortSignal.any` may lose timeouts on Node 20. */
function limitTime(timeoutMs: number, outer: AbortSignal) {
  const controller = new AbortController();
  const abort = () => {
    controller.abort();
  };
  const timer = setTimeout(abort, timeoutMs);
  outer.addEventListener('abort', abort, { once: true });
  const clear = () => {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, clear };
}

function toFailure(error: unknown): LlmFailure {
  if (error instanceof LlmFailure) return error;
  if (error instanceof APIConnectionTimeoutError) return new LlmFailure('timeout');
  if (error instanceof APIConnectionError) return new LlmFailure('network');
  if (error instanceof APIError) return fromStatus(error);
  // What response.json() throws for a body that is no JSON, or fetch for one that breaks off.
  if (error instanceof SyntaxError) return new LlmFailure('answer-misfit');
  return new LlmFailure(error instanceof TypeError ? 'network' : 'unexpected');
}

function fromStatus({ status, headers }: { status?: unknown; headers?: unknown }): LlmFailure {
  if (typeof status !== 'number') return new LlmFailure('unexpected');
  const retryAfterMs = headers instanceof Headers ? readRetryAfter(headers.get('retry-after')) : undefined;
  if (status === 401 || status === 403) return new LlmFailure('key-refused', status);
  return new LlmFailure(status === 429 ? 'rate-limit' : 'status', status, retryAfterMs);
}

/** RFC 9110, 10.2.3: seconds (Groq sends fractions too) or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
