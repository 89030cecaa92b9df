/** What went wrong with a try: fixed words, fit for a log line. */
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
 * An answer that is too large is not asked for again: the number of its tokens is bounded in the request, so a server
 * that sends more does not keep to the request and would send as much the next time.
 */
const finalKinds: ReadonlySet<LlmFailureKind> = new Set(['key-refused', 'answer-too-large', 'unexpected']);
const retryableStatuses = new Set([408, 409]);

/**
 * A try that brought no usable answer. It carries neither key, log text nor response body, and no cause that
 * might: it may be logged as it is.
 */
export class LlmFailure extends Error {
  constructor(
    readonly kind: LlmFailureKind,
    /** HTTP status, where there was an answer. */
    readonly status?: number,
    /** How long the server asks to be left alone, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(status === undefined ? `LLM: ${kind}` : `LLM: ${kind} (${status})`);
    this.name = 'LlmFailure';
  }

  /** Whether the same request may succeed if it is sent again. */
  get retryable(): boolean {
    if (this.kind !== 'status') return !finalKinds.has(this.kind);
    return this.status !== undefined && (this.status >= 500 || retryableStatuses.has(this.status));
  }
}
