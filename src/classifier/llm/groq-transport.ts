import Groq, { APIConnectionError, APIConnectionTimeoutError, APIError } from 'groq-sdk';
import { z } from 'zod';
import { createBoundedFetch } from './bounded-fetch.js';
import { LlmFailure } from './llm-failure.js';
import type { CompletionRequest } from './prompt.js';

/** Makes one attempt to send a request. */
export interface Transport {
  /**
   * Returns the text of the LLM's reply. Closes the connection when the signal aborts.
   * @throws LlmFailure for every failure
   * @throws the signal's reason when the signal aborts
   */
  complete(request: CompletionRequest, signal: AbortSignal): Promise<string>;
}

const DEFAULT_BASE_URL = 'https://api.groq.com';
/**
 * The largest response body that is read, including error bodies. The largest request allows 2,304 tokens. Its reply
 * fits even at 100 bytes a token.
 */
const MAX_ANSWER_BYTES = 256 * 1024;

const completionShape = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
});

/**
 * Creates a transport to Groq's chat completions, through its SDK. The SDK's retries are off: its wait before a retry
 * follows `Retry-After` to any length and cannot be aborted. The SDK's timeout covers the headers only; `timeoutMs`
 * covers the body too.
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
    baseURL: baseUrl, // If apiKey or baseURL were omitted, the SDK would read them from the environment.
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

/**
 * Returns a signal that aborts with the outer signal or after `timeoutMs`, and a callback that removes the timer and
 * the listener. It does not use `AbortSignal.any`, which may lose timeouts on Node 20.
 */
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
  // response.json() throws a SyntaxError for a body that is not JSON; fetch throws a TypeError for an incomplete one.
  if (error instanceof SyntaxError) return new LlmFailure('answer-misfit');
  return new LlmFailure(error instanceof TypeError ? 'network' : 'unexpected');
}

function fromStatus({ status, headers }: { status?: unknown; headers?: unknown }): LlmFailure {
  if (typeof status !== 'number') return new LlmFailure('unexpected');
  const retryAfterMs = headers instanceof Headers ? readRetryAfter(headers.get('retry-after')) : undefined;
  if (status === 401 || status === 403) return new LlmFailure('key-refused', status);
  return new LlmFailure(status === 429 ? 'rate-limit' : 'status', status, retryAfterMs);
}

/** Returns the wait of a Retry-After header in ms. RFC 9110, 10.2.3: seconds (Groq sends fractions too) or a date. */
function readRetryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
