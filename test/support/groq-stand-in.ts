import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { z } from 'zod';

/** The key that the test server accepts. Other keys get Groq's 401. */
export const STAND_IN_KEY = 'gsk_stand-in-key-of-the-tests';

const bodySchema = z.looseObject({
  model: z.string(),
  messages: z.tuple([
    z.object({ role: z.literal('system'), content: z.string() }),
    z.object({ role: z.literal('user'), content: z.string() }),
  ]),
  response_format: z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ name: z.string(), strict: z.literal(true), schema: z.unknown() }),
  }),
});

const userSchema = z.strictObject({
  logs: z.array(z.strictObject({ index: z.int(), source: z.string(), message: z.string() })),
});

/** One log in a request to the LLM. */
export interface StandInLog {
  source: string;
  message: string;
}

/** One received HTTP request. */
export interface StandInRequest {
  /** From 0, in order of arrival, retries included. */
  number: number;
  authorization: string | undefined;
  body: z.infer<typeof bodySchema>;
  logs: (StandInLog & { index: number })[];
  /** Resolves when the client has closed the connection without waiting for the answer. */
  abandoned: Promise<void>;
}

/** An answer other than the usual one. A body of text or bytes goes out as it is, a stream until the client closes. */
export interface StandInReply {
  status?: number;
  headers?: Record<string, string>;
  body: string | Buffer | Readable | object;
}

/** Settings of the test server. */
export interface StandInOptions {
  /** Returns the label of a log. Default: `Unclassified`. */
  label?: (log: StandInLog) => string;
  /**
   * Called for each request that is in order. Its reply is sent; undefined means the usual answer with the
   * labels. A promise holds the answer back until it resolves, so a test can keep a request hanging.
   */
  respond?: (request: StandInRequest) => StandInReply | undefined | Promise<StandInReply | undefined>;
}

/** A real HTTP server that speaks Groq's chat completions API. */
export interface StandIn {
  /** Its base URL, for `GROQ_BASE_URL`. */
  url: string;
  /** The valid requests received so far. */
  requests: readonly StandInRequest[];
  /** The number of requests refused for their key or path. */
  refusals(): number;
  /** All messages received so far. */
  messages(): string[];
  /** Resolves with the request of that number (from 0) as soon as it has come in. */
  request(number: number): Promise<StandInRequest>;
  /** Closes the server and its connections. A second call does nothing. */
  close(): Promise<void>;
}

/** Ready-made replies for `respond`. */
export const replies = {
  rateLimited: (retryAfterSeconds: number): StandInReply => ({
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
    body: errorBody('Rate limit reached', 'rate_limit_exceeded'),
  }),
  failing: (status: number): StandInReply => ({ status, body: errorBody('It did not work', 'api_error') }),
  /** A completion with the given text. */
  saying: (content: string): StandInReply => ({ body: completion('any', content) }),
  /** Never answers. The request ends when the client or the server closes. */
  hanging: (): Promise<undefined> => new Promise(() => undefined),
};

/**
 * Starts the test server on a free port of 127.0.0.1.
 * @example const groq = await startGroqStandIn({ label: ({ message }) => message.includes('CPU') ? 'Error' : 'Unclassified' });
 */
export async function startGroqStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const { label = () => 'Unclassified', respond = () => undefined } = options;
  const requests: StandInRequest[] = [];
  let refusals = 0;
  const arrivals = new EventEmitter<Record<string, [StandInRequest]>>();

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<StandInReply> {
    const refused = refusal(incoming);
    if (refused !== undefined) {
      refusals++;
      return refused;
    }
    const parsed = bodySchema.safeParse(JSON.parse(await readAll(incoming)));
    if (!parsed.success) return { status: 400, body: errorBody(parsed.error.message, 'invalid_body') };
    const request: StandInRequest = {
      number: requests.length,
      authorization: incoming.headers.authorization,
      body: parsed.data,
      logs: userSchema.parse(JSON.parse(parsed.data.messages[1].content)).logs,
      abandoned: new Promise((resolve) =>
        outgoing.once('close', () => !outgoing.writableFinished && resolve()),
      ),
    };
    requests.push(request);
    arrivals.emit(`request ${request.number}`, request);
    const results = () => request.logs.map((log) => ({ index: log.index, label: label(log) }));
    return (await respond(request)) ?? replies.saying(JSON.stringify({ results: results() }));
  }

  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing)
      // If a test's handler throws or a body is not JSON, the request fails, but not the test process.
      .catch((error: unknown): StandInReply => ({ status: 500, body: errorBody(String(error), 'stand_in') }))
      .then((reply) => send(outgoing, reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    refusals: () => refusals,
    messages: () => requests.flatMap(({ logs }) => logs.map(({ message }) => message)),
    request: (number) =>
      new Promise((resolve) => {
        const arrived = requests[number];
        if (arrived === undefined) arrivals.once(`request ${number}`, resolve);
        else resolve(arrived);
      }),
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refusal({ method, url, headers }: IncomingMessage): StandInReply | undefined {
  if (method !== 'POST' || url !== '/openai/v1/chat/completions') {
    return { status: 404, body: errorBody('Unknown request URL', 'unknown_url') };
  }
  if (headers.authorization !== `Bearer ${STAND_IN_KEY}`) {
    return { status: 401, body: errorBody('Invalid API Key', 'invalid_api_key') };
  }
  return undefined;
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(outgoing: ServerResponse, { status = 200, headers = {}, body }: StandInReply): void {
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
  if (body instanceof Readable) body.pipe(outgoing);
  else outgoing.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

function errorBody(message: string, code: string): object {
  return { error: { message, type: 'invalid_request_error', code } };
}

function completion(model: string, content: string): object {
  return {
    id: 'chatcmpl-stand-in',
    object: 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
  };
}
