import { LlmFailure } from './llm-failure.js';

/**
 * A `fetch` that takes at most `maxBytes` of each response's body, counted after decompression. The body of a larger
 * one fails with an LlmFailure `answer-too-large`, and its connection is closed without reading the rest.
 */
export function createBoundedFetch(maxBytes: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.body === null) return response;
    return new Response(response.body.pipeThrough(limitBytes(maxBytes)), response);
  };
}

/** Passes bytes on up to a limit. The error cancels the stream before it, and that closes the connection. */
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
