import { getEventListeners } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { createGroqTransport } from '../../../src/classifier/llm/groq-transport.js';
import { createPrompt } from '../../../src/classifier/llm/prompt.js';
import { replies, startGroqStandIn, STAND_IN_KEY } from '../../support/groq-stand-in.js';
import { catalogue } from './setup.js';

it.each([
  ['an answer', undefined],
  ['a failure', replies.failing(500)],
])('leaves no listener at the signal after %s', async (_, reply) => {
  const groq = await startGroqStandIn({ respond: () => reply });
  onTestFinished(() => groq.close());
  const transport = createGroqTransport({
    apiKey: STAND_IN_KEY,
    baseUrl: groq.url,
    model: 'any',
    timeoutMs: 60_000,
  });
  const { signal } = new AbortController();
  const request = createPrompt(catalogue).toRequest([{ key: 'k', source: 'CRM', message: 'x' }]);
  await transport.complete(request, signal).catch(() => undefined);
  expect(groq.requests).toHaveLength(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
