import { describe, expect, it } from 'vitest';
import { version } from '../../src/config.js';
import { build } from '../support/app.js';

interface Operation {
  tags: string[];
  operationId: string;
  summary: string;
  requestBody: object;
  responses: Record<string, object>;
  parameters: { name: string; description?: string; schema: { type: string; examples: unknown[] } }[];
}

interface Described {
  info: object;
  paths: Record<'/classify' | '/inspect', { post: Operation }>;
  components: { schemas: object };
}

async function description(): Promise<Described> {
  const { app } = await build();
  return (await app.inject('/openapi.json')).json<Described>();
}

/** The description of POST /classify. */
async function describedUpload(): Promise<Operation> {
  return (await description()).paths['/classify'].post;
}

describe('The API documentation page', () => {
  it('has our title, header and script, and no bar for other descriptions', async () => {
    const { app } = await build();
    const [page, slashed] = [await app.inject('/docs'), await app.inject('/docs/')];
    expect(page.body).toContain('<title>Log classifier API</title>');
    expect(page.body).toContain('<nav aria-label="Main">');
    expect(slashed.body).toBe(page.body);
    const { body: style } = await app.inject('/docs.css');
    expect(style).toMatch(/[.]swagger-ui [.]topbar \{\s+display: none;\s+\}/);
    const linked = [...page.body.matchAll(/(?:src|href)="([^"]*[.](?:js|css))"/g)].map(
      ([, url]) => url ?? '',
    );
    expect(linked).toContain('/docs/static/swagger-ui-bundle.js');
  });

  it('may use inline styles but load nothing from other sites', async () => {
    const { app } = await build();
    const policy = String((await app.inject('/docs')).headers['content-security-policy']);
    const directives = Object.fromEntries(
      policy
        .split(/; ?/)
        .filter(Boolean)
        .map((directive) => {
          const [name = '', ...sources] = directive.split(' ');
          return [name, sources.filter((source) => !source.startsWith("'sha256-")).join(' ')];
        }),
    );
    expect(directives).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'form-action': "'self'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
    });
  });
});

describe('The OpenAPI description', () => {
  it('has title, description and version', async () => {
    expect((await description()).info).toEqual({
      title: 'Log classifier',
      description:
        'Labels log lines of many systems. It takes tables, plain lines, JSON and workbooks, and adds target_label.',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
    });
  });

  it('has every parameter with a description and an example', async () => {
    const { paths } = await description();
    for (const { post } of [paths['/classify'], paths['/inspect']]) {
      const { parameters } = post;
      expect(parameters.map(({ name }) => name)).toContain('on_error');
      for (const { name, description: text, schema } of parameters) {
        expect([name, text, schema.examples.length > 0]).toEqual([name, expect.any(String), true]);
      }
    }
  });

  it('has booleans as booleans', async () => {
    const { parameters } = await describedUpload();
    const booleans = parameters.filter(({ schema }) => schema.type === 'boolean').map(({ name }) => name);
    expect(booleans).toEqual(['details', 'stream', 'bom']);
  });

  it('has a summary for each address', async () => {
    const { paths } = await description();
    const summaries = Object.entries(paths).map(([path, operations]) => {
      const [{ tags, operationId, summary }] = Object.values(operations) as [Operation];
      return [path, tags.join(), operationId, summary];
    });
    expect(summaries).toEqual([
      ['/classify', 'classify', 'classify', 'Label log lines'],
      ['/inspect', 'classify', 'inspect', 'Show how an input will be read'],
      ['/explain', 'classify', 'explain', 'Explain how a line gets its label'],
      ['/corrections', 'corrections', 'createCorrection', 'Give a label to the template of a message'],
      ['/corrections/{id}', 'corrections', 'deleteCorrection', 'Delete a correction'],
      ['/labels', 'labels', 'listLabels', 'List the labels that lines can get and what they mean'],
      ['/health/live', 'health', 'checkLive', 'Check that the process is running'],
      [
        '/health/ready',
        'health',
        'checkReady',
        expect.stringMatching(/^Check that the server can label logs/),
      ],
    ]);
  });

  it('refers to named schemas', async () => {
    const { paths, components } = await description();
    const named = Object.keys(components.schemas);
    expect(named).toEqual(expect.arrayContaining(['ClassifyAnswer', 'LabelsAnswer', 'Problem', 'Warning']));
    const { responses, requestBody } = paths['/classify'].post;
    expect(responses['400']).toMatchObject({
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    });
    expect(JSON.stringify(requestBody)).toContain('"#/components/schemas/LogRecord"');
  });

  it('has the HTTP reason of each answer, and a fitting example of each problem', async () => {
    const { responses } = await describedUpload();
    expect(responses['200']).toMatchObject({ description: 'OK' });
    expect(responses['503']).toMatchObject({
      description: 'Service Unavailable',
      headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } },
      content: { 'application/problem+json': { example: { status: 503, code: 'busy' } } },
    });
    expect(responses.default).toMatchObject({
      description: 'Any other problem',
      content: { 'application/problem+json': { example: { code: 'host_unknown' } } },
    });
  });

  it('has examples of CSV and JSON, and the headers of labelled answers with their types', async () => {
    const { requestBody, responses } = await describedUpload();
    expect(requestBody).toMatchObject({
      content: {
        'text/csv': { schema: { type: 'string' } },
        'multipart/form-data': { schema: { type: 'object' } },
        'application/json': { schema: expect.any(Object) as object },
      },
    });
    expect(responses['200']).toMatchObject({
      headers: {
        'X-Request-Id': expect.any(Object) as object,
        'X-Classifier-Version': expect.any(Object) as object,
        'X-Corrections-Version': expect.any(Object) as object,
        'X-Classified-Rows': expect.any(Object) as object,
        'X-Classified-Warnings': expect.any(Object) as object,
        'X-Classified-Skipped': expect.any(Object) as object,
        'Content-Disposition': expect.any(Object) as object,
      },
      content: { 'text/csv': { schema: { type: 'string' } } },
    });
  });
});
