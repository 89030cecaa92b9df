import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';
import { schemaCheck } from '../support/json-schema.js';

/** A schema of the description and an example of it. */
interface Example {
  path: string;
  schema: object;
  value: unknown;
}

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** The values of `examples`: a list in a schema, named ones elsewhere. A property of this name has a schema instead. */
function valuesOf(examples: unknown): unknown[] {
  if (Array.isArray(examples)) return examples;
  if (!isNode(examples) || 'type' in examples) return [];
  return Object.values(examples).map((example) => (example as Node).value);
}

/** Finds all examples: of schemas, and of media types and parameters beside their schema. */
function examplesIn(node: unknown, path = ''): Example[] {
  if (!isNode(node)) return [];
  const own: Example[] = [];
  const schema = isNode(node.schema) ? node.schema : node;
  if (isNode(node.schema) && 'example' in node) own.push({ path, schema, value: node.example });
  own.push(...valuesOf(node.examples).map((value) => ({ path, schema, value })));
  const below = Object.entries(node)
    .filter(([name]) => name !== 'example' && (name !== 'examples' || path.endsWith('/properties')))
    .flatMap(([name, child]) => examplesIn(child, `${path}/${name}`));
  return [...own, ...below];
}

describe('The examples of the OpenAPI description', () => {
  it('fit their schemas', async () => {
    const { app } = await build();
    const description = (await app.inject('/openapi.json')).json<object>();
    const check = schemaCheck(description);
    const examples = examplesIn(description);
    expect(examples.length).toBeGreaterThan(40);
    const wrong = examples.filter(({ schema, value }) => check(schema, value).length > 0);
    expect(wrong.map(({ path, value }) => ({ path, value }))).toEqual([]);
    const problem = { $ref: '#/components/schemas/Problem' };
    expect(check(problem, { code: 'busy' })).not.toEqual([]);
    expect(check({ $ref: '#/components/schemas/Live' }, { status: 'live', unnamed: 1 })).not.toEqual([]);
  });

  it('are requests of POST /classify that the server takes, and answers that fit', async () => {
    const { app } = await build();
    const description = (await app.inject('/openapi.json')).json<{ paths: Record<string, { post: Node }> }>();
    const check = schemaCheck(description);
    const { requestBody, responses } = description.paths['/classify']?.post as {
      requestBody: Node;
      responses: Record<string, { content: Record<string, { schema: object }> }>;
    };
    const examples = examplesIn(requestBody);
    expect(examples.length).toBe(6);
    for (const { path, value } of examples) {
      const mediaType = path.split('/content/')[1] ?? '';
      const payload = typeof value === 'string' ? value : JSON.stringify(value);
      const answer = await app.inject({
        method: 'POST',
        url: '/classify',
        headers: { 'content-type': mediaType },
        payload,
      });
      expect(answer.statusCode).toBe(200);
      const [type = ''] = String(answer.headers['content-type']).split(';');
      const body: unknown = type === 'application/json' ? answer.json() : answer.body;
      expect(check(responses['200']?.content[type]?.schema ?? {}, body)).toEqual([]);
    }
  });
});
