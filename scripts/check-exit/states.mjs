import { once } from 'node:events';
import { createServer, request } from 'node:http';

/**
 * @typedef {{ port: number, logged: (matches: (line: Record<string, unknown>) => boolean) => Promise<unknown> }} Server
 *   `logged` resolves when the server has logged a matching line
 */

/**
 * @typedef {<S extends Server>(start: (env: Record<string, string>) => Promise<S>) => Promise<S>} Enter
 *   starts a server and resolves when it is in the state
 */

const HEADER = 'source,log_message\n';

/**
 * The states in which a server may get a signal.
 * @type {Record<'idle' | 'uploading' | 'inference' | 'waiting for the LLM' | 'sending a spooled answer', Enter>}
 */
export const states = {
  idle: (start) => start({}),

  uploading: async (start) => {
    const server = await start({});
    post(server, 'text/csv').write(HEADER);
    await server.logged(isRequest);
    return server;
  },

  inference: async (start) => {
    const server = await start({});
    post(server, 'text/csv').end(
      HEADER + rows(2_000, (row) => `Unit ${word(row)} met ${'a strange noise '.repeat(20)}`),
    );
    await server.logged(isRequest);
    // This log is encoded between the lines of the upload. Once it is answered, they are being encoded.
    const question = post(server, 'application/json');
    question.end(JSON.stringify({ source: 'App', log_message: 'The vane of the mill has turned' }));
    await once(question, 'response');
    return server;
  },

  'waiting for the LLM': async (start) => {
    // Never answers, and does not keep this process running.
    const llm = createServer().listen(0, '127.0.0.1').unref();
    await once(llm, 'listening');
    const { port } = /** @type {import('node:net').AddressInfo} */ (llm.address());
    const server = await start({ GROQ_API_KEY: 'any', GROQ_BASE_URL: `http://127.0.0.1:${port}` });
    post(server, 'text/csv').end(`${HEADER}LegacyCRM,The module was retired.\n`);
    await once(llm, 'request');
    return server;
  },

  'sending a spooled answer': async (start) => {
    const server = await start({ SPOOL_MEMORY_BYTES: '1' });
    const upload = post(server, 'text/csv');
    // More than the operating system buffers for a client that does not read.
    upload.end(HEADER + rows(400_000, (row) => `User User${row} logged in.`));
    await once(upload, 'response');
    return server;
  },
};

/** @param {Server} server @param {string} type */
function post({ port }, type) {
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path: '/classify?details=true',
    headers: { 'content-type': type },
    agent: false,
  });
  // The server may abort the request. That is no failure of the check.
  return sent.on('error', () => undefined);
}

/** @param {Record<string, unknown>} line */
function isRequest({ msg }) {
  return msg === 'incoming request';
}

/** @param {number} count @param {(row: number) => string} message */
function rows(count, message) {
  return Array.from({ length: count }, (_, row) => `App,${message(row)}\n`).join('');
}

/** Returns a different word for every number; digits would be masked. @param {number} number */
function word(number) {
  return number
    .toString(26)
    .replace(/./g, (digit) => 'abcdefghijklmnopqrstuvwxyz'.charAt(parseInt(digit, 26)));
}
