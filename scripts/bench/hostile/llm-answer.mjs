import { once } from 'node:events';
import { createServer } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { csvOfNewLines, UnusedTemplates } from './new-lines.mjs';
import { post, tally } from './post.mjs';
import { abortsAfter } from './time-limit.mjs';

const ANSWER_BYTES = 200e6;
const PIECE = Buffer.alloc(256 * 1024, 'a');
/** Upper bound of the endless answers; after that the fake LLM answers 500. */
const MOST_ANSWERS = 12;
const UPLOADS = 4;
const LINES = 10;

/**
 * Uploads lines for an LLM whose answers have 200 MB.
 * @returns {import('./attacks.mjs').Attack}
 */
export function endlessLlmAnswer() {
  /** @type {number[]} */
  const sent = [];
  return {
    name: 'LLM answers of 200 MB',
    prepare: () => startFakeLlm(sent),
    async run({ address, seconds, signal }) {
      const templates = new UnusedTemplates();
      const limit = abortsAfter(signal, 2 * seconds * 1000);
      const end = performance.now() + seconds * 1000;
      const statuses = [];
      do {
        const answers = await Promise.all(
          Array.from({ length: UPLOADS }, () => {
            const body = csvOfNewLines(templates.take(LINES), LINES, 'LegacyCRM');
            return post(address, { type: 'text/csv', body, signal: limit });
          }),
        );
        statuses.push(...answers.map(({ status }) => status));
      } while (performance.now() < end && !limit.aborted);
      const most = (Math.max(0, ...sent) / 1e6).toFixed(0);
      return {
        note: `${tally(statuses)}; LLM requests: ${sent.length}, largest part read of an answer: ${most} MB`,
      };
    },
  };
}

/** Starts a fake LLM that answers each request with one very long string. Records how many bytes of it are read. */
async function startFakeLlm(/** @type {number[]} */ sent) {
  const server = createServer((request, response) => {
    request.resume();
    if (sent.length >= MOST_ANSWERS) {
      response.writeHead(500).end();
      return;
    }
    void answerAtLength(response, sent);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The fake LLM has no port.');
  return {
    settings: { GROQ_API_KEY: 'fake', GROQ_BASE_URL: `http://127.0.0.1:${bound.port}` },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Resolves when the answer is sent or the server has closed the connection, as it should. */
async function answerAtLength(
  /** @type {import('node:http').ServerResponse} */ response,
  /** @type {number[]} */ sent,
) {
  const index = sent.push(0) - 1;
  function* pieces() {
    yield '{"choices":[{"message":{"content":"';
    for (let bytes = PIECE.length; bytes <= ANSWER_BYTES; bytes += PIECE.length) {
      yield PIECE;
      sent[index] = bytes;
    }
    yield '"}}]}';
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  await pipeline(pieces, response).catch(() => undefined);
}
