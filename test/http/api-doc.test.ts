import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { build } from '../support/app.js';
import { projectFile } from '../support/dist.js';
import { docExamples, readDoc } from '../support/doc-examples.js';
import { schemaCheck } from '../support/json-schema.js';
import { startServer } from '../support/server.js';

type Json = Record<string, unknown>;

/** The parts of the OpenAPI description that the test compares with. */
interface Api {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

const examples = docExamples(await readDoc('docs/api.md'));

/** The calls that a document shows, such as `GET /jobs/7f3a`. */
const callsIn = (text: string): string[] =>
  docExamples(text).map(({ method, url }) => `${method} ${url.split('?')[0] ?? ''}`);

/** Hashes, which change with the head and the rules, and the number of rules. */
const changing = (text: string): string =>
  text.replace(/\b[0-9a-f]{16}\b/g, 'HASH').replace(/("rules":\{[^}]*"count":)\d+/, '$10');

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Cuts an answer where the document has `…`: the rest of a list, or the other fields of an object. */
function cutLike(shown: unknown, answer: unknown): unknown {
  if (Array.isArray(shown) && Array.isArray(answer)) {
    const answers: unknown[] = answer;
    const isCut = shown.at(-1) === '…';
    const items = isCut ? answers.slice(0, shown.length - 1) : answers;
    return [...items.map((item, i) => cutLike(shown[i], item)), ...(isCut ? ['…'] : [])];
  }
  if (!isObject(shown) || !isObject(answer) || Array.isArray(shown)) return answer;
  const names = '…' in shown ? Object.keys(shown) : Object.keys(answer);
  return Object.fromEntries(
    names.map((name) => [name, name === '…' ? shown[name] : cutLike(shown[name], answer[name])]),
  );
}

/** A body as it is sent. The last line break of a block belongs to the document, except that of a table or of lines. */
function toSend(type: string | undefined, body: string): string | undefined {
  if (type === undefined) return undefined;
  if (type.startsWith('multipart/')) return body.replaceAll('\n', '\r\n');
  return type === 'application/json' ? body.trimEnd() : body;
}

it('docs/ shows each call of the OpenAPI description', async () => {
  const { app } = await build();
  const { paths } = (await app.inject('/openapi.json')).json<Api>();
  const names = (await readdir(projectFile('docs'))).filter((name) => name.endsWith('.md'));
  const docs = await Promise.all(names.map((name) => readDoc(`docs/${name}`)));
  const shown = docs.flatMap(callsIn);
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls.length).toBeGreaterThan(4);
  const isShown = (call: string): boolean => {
    const pattern = new RegExp(`^${call.replace(/\{\w+\}/g, '[^/]+')}$`);
    return shown.some((example) => pattern.test(example));
  };
  expect(calls.filter((call) => !isShown(call))).toEqual([]);
});

it('the server answers the examples of docs/api.md as shown, and as the OpenAPI description says', async () => {
  const { url: server } = await startServer();
  const api = (await (await fetch(`${server}/openapi.json`)).json()) as Api;
  const check = schemaCheck(api);
  for (const { method, url, headers, body, answer } of examples) {
    const sent = toSend(headers['content-type'], body) ?? null;
    const response = await fetch(server + url, { method, headers, body: sent });
    // A form has CRLF, and so has the answer to it.
    const text = (await response.text()).trimEnd().replaceAll('\r\n', '\n');
    const where = `${method} ${url}`;
    const got = { where, status: response.status, ...Object.fromEntries(response.headers) };
    const expected = { where, status: answer.status, ...answer.headers };
    expect(JSON.parse(changing(JSON.stringify(got)))).toMatchObject(
      JSON.parse(changing(JSON.stringify(expected))) as Json,
    );
    const type = response.headers.get('content-type')?.split(';')[0] ?? '';
    if (!['application/json', 'application/problem+json'].includes(type)) {
      expect(changing(text)).toBe(changing(answer.body));
      continue;
    }
    const shown: unknown = JSON.parse(changing(JSON.stringify(JSON.parse(answer.body))));
    const real: unknown = JSON.parse(changing(text));
    expect({ where, answer: cutLike(shown, real) }).toEqual({ where, answer: shown });
    const path = url.split('?')[0] ?? '';
    const responses = api.paths[path]?.[method.toLowerCase()]?.responses ?? {};
    const schema = (responses[response.status] ?? responses.default)?.content?.[type]?.schema ?? {};
    expect([where, check(schema, JSON.parse(text))]).toEqual([where, []]);
  }
}, 120_000);
