import { describe, expect, it } from 'vitest';
import { version } from '../../src/config.js';
import { build } from '../support/app.js';

interface Operation {
  tags: string[];
  summary: string;
  requestBody: object;
  responses: Record<string, object>;
  parameters: { name: string; description?: string; example?: string; examples?: object }[];
}

interface Described {
  info: object;
  paths: Record<'/classify' | '/inspect', { post: Operation }>;
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
  it('has our title and no bar for other descriptions', async () => {
    const { app } = await build();
    const page = await app.inject('/docs');
    expect(page.body).toContain('<title>Log classifier API</title>');
    expect((await app.inject('/docs/static/theme/theme.css')).body).toBe(
      '.swagger-ui .topbar { display: none; }',
    );
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
    });
  });

  it('has every parameter with a description and an example', async () => {
    const { paths } = await description();
    for (const { post } of [paths['/classify'], paths['/inspect']]) {
      const { parameters } = post;
      expect(parameters.map(({ name }) => name)).toContain('on_error');
      for (const { name, description: text, example, examples = {} } of parameters) {
        expect([name, text, example ?? Object.keys(examples)[0]]).toEqual([
          name,
          expect.any(String),
          expect.any(String),
        ]);
      }
    }
  });

  it('has a summary for each address', async () => {
    const { paths } = await description();
    const summaries = Object.entries(paths).map(([path, operations]) => {
      const [{ tags, summary }] = Object.values(operations) as [Operation];
      return [path, tags.join(), summary];
    });
    expect(summaries).toEqual([
      ['/classify', 'classify', 'Label log lines'],
      ['/classify/', 'classify', 'Label log lines'],
      ['/inspect', 'classify', 'Show how an input will be read'],
      ['/corrections', 'corrections', 'Give a label to the template of a message'],
      ['/corrections/{id}', 'corrections', 'Delete a correction'],
      ['/labels', 'labels', 'List the labels that lines can get and what they mean'],
      ['/health/live', 'health', 'Check that the process is running'],
      ['/health/ready', 'health', expect.stringMatching(/^Check that the server can label logs/)],
    ]);
  });

  it.each([
    ['/labels', { '200': ['labels'], default: ['status', 'code', 'detail'] }],
    ['/health/live', { '200': ['status'], default: ['status', 'code', 'detail'] }],
    ['/health/ready', { '200': ['encoder', 'head', 'rules', 'llm'], '503': ['status', 'code', 'detail'] }],
  ])('describes the fields of the answers of %s', async (path, fields) => {
    const { paths } = await description();
    const { responses } = (paths as unknown as Record<string, { get: Operation }>)[path]?.get ?? {};
    for (const [status, names] of Object.entries(fields)) {
      for (const name of names) expect(JSON.stringify(responses?.[status])).toContain(`"${name}"`);
    }
  });

  it('has a text for each answer: its own or the HTTP reason', async () => {
    const { responses } = await describedUpload();
    expect(responses['200']).toMatchObject({ description: 'OK' });
    expect(responses['503']).toMatchObject({ description: 'Problem' });
    expect(responses.default).toMatchObject({
      description: 'Any other problem',
      content: { 'application/problem+json': { schema: { type: 'object' } } },
    });
    expect(JSON.stringify(responses.default)).toContain('request_id');
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
      },
      content: { 'text/csv': { schema: { type: 'string' } } },
    });
  });
});
