import { expect, it } from 'vitest';
import { LlmFailure } from '../../../src/classifier/llm/llm-failure.js';

it('names the kind of failure, and the status if there was one', () => {
  expect(String(new LlmFailure('timeout'))).toBe('LlmFailure: LLM: timeout');
  expect(String(new LlmFailure('status', 503))).toBe('LlmFailure: LLM: status (503)');
});

it.each([
  [true, new LlmFailure('network')],
  [true, new LlmFailure('status', 500)],
  [false, new LlmFailure('status', 499)],
  [false, new LlmFailure('key-refused', 401)],
  [false, new LlmFailure('unexpected')],
])('is retryable: %s for %s', (expected, failure) => {
  expect(failure.retryable).toBe(expected);
});
