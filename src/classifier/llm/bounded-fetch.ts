import { LlmFailure } from './llm-failure.js';

/**
 * Returns a `fetch` that limits each response body to `maxBytes`, counted after decompression. Reading a larger body
 * fails with an LlmFailure `answer-too-large`, and its connection is closed without reading the rest.
 */
export function createBoundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    return new Response(response.body.pipeThrough(limitBytes(maxBytes)), response);
  };
}

/** Passes bytes through up to a limit. The error cancels the response's stream, which closes the connection. */
function limitBytes(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new LlmFailure('answer-too-large');
      controller.enqueue(chunk);
    },
  });
}
