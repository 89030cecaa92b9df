/** The kinds of failed attempts. They are fixed words that are safe to log. */
export type LlmFailureKind =
  | 'timeout'
  | 'network'
  | 'rate-limit'
  | 'key-refused'
  | 'status'
  | 'answer-misfit'
  | 'answer-too-large'
  | 'unexpected';

/**
 * Failures that are not retried. `answer-too-large` is one of them: the request limits the tokens of the reply, so a
 * server that exceeds the limit would do so again.
 */
const finalKinds: ReadonlySet<LlmFailureKind> = new Set(['key-refused', 'answer-too-large', 'unexpected']);
const retryableStatuses = new Set([408, 409]);

/**
 * An attempt without a usable reply. It is safe to log: it contains no key, no log text, no response body and no
 * cause.
 */
export class LlmFailure extends Error {
  constructor(
    readonly kind: LlmFailureKind,
    /** HTTP status, if there was a response. */
    readonly status?: number,
    /** The wait that the server asks for (Retry-After), in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(status === undefined ? `LLM: ${kind}` : `LLM: ${kind} (${status})`);
    this.name = 'LlmFailure';
  }

  /** Whether the same request may succeed in another attempt. */
  get retryable(): boolean {
    if (this.kind !== 'status') return !finalKinds.has(this.kind);
    return this.status !== undefined && (this.status >= 500 || retryableStatuses.has(this.status));
  }
}
