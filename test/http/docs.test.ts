import { describe, expect, it } from 'vitest';
import { version } from '../../src/config.js';
import { build } from '../support/app.js';

interface Operation {
  tags: string[];
  summary: string;
  requestBody: object;
  responses: Record<string, object>;
}

interface Described {
  info: object;
  paths: { '/classify': { post: Operation } };
}

async function description(): Promise<Described> {
  const { app } = await build();
  return (await app.inject('/openapi.json')).json<Described>();
}

/** What is said of POST /classify. */
async function describedUpload(): Promise<Operation> {
  return (await description()).paths['/classify'].post;
}

describe('The page of the API’s description', () => {
  it('has a title of its own, and no bar to look at other descriptions', async () => {
    const { app } = await build();
    const page = await app.inject('/docs');
    expect(page.body).toContain('<title>Log classifier API</title>');
    expect((await app.inject('/docs/static/theme/theme.css')).body).toBe(
      '.swagger-ui .topbar { display: none; }',
    );
  });

  it('may load nothing from elsewhere, and set styles on its elements', async () => {
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

describe('The API’s description', () => {
  it('says what it describes, and in which version', async () => {
    expect((await description()).info).toEqual({
      title: 'Log classifier',
      description: 'Labels log lines: a CSV with source and log_message comes back with target_label.',
      version,
    });
  });

  it('says of each address what it is for', async () => {
    const { paths } = await description();
    const said = Object.entries(paths).map(([path, operations]) => {
      const [{ tags, summary }] = Object.values(operations) as [Operation];
      return [path, tags.join(), summary];
    });
    expect(said).toEqual([
      ['/classify', 'classify', 'Label log lines'],
      ['/classify/', 'classify', 'Label log lines'],
      ['/labels', 'labels', 'The labels and what they mean'],
      ['/health/live', 'health', 'The process answers'],
      ['/health/ready', 'health', expect.stringMatching(/send work$/)],
    ]);
  });

  it.each([
    ['/labels', { '200': ['labels'], default: ['status', 'code', 'detail'] }],
    ['/health/live', { '200': ['status'], default: ['status', 'code', 'detail'] }],
    ['/health/ready', { '200': ['encoder', 'head', 'rules', 'llm'], '503': ['status', 'code', 'detail'] }],
  ])('says what the answers of %s hold', async (path, fields) => {
    const { paths } = await description();
    const { responses } = (paths as unknown as Record<string, { get: Operation }>)[path]?.get ?? {};
    for (const [status, names] of Object.entries(fields)) {
      for (const name of names) expect(JSON.stringify(responses?.[status])).toContain(`"${name}"`);
    }
  });

  it('describes each answer in words: its own, or those of HTTP', async () => {
    const { responses } = await describedUpload();
    expect(responses['200']).toMatchObject({ description: 'OK' });
    expect(responses['503']).toMatchObject({ description: 'Problem' });
    expect(responses.default).toMatchObject({
      description: 'Any other problem',
      content: { 'application/problem+json': { schema: { type: 'object' } } },
    });
    expect(JSON.stringify(responses.default)).toContain('request_id');
  });

  it('says what a CSV and JSON look like, and names the headers of labels with their types', async () => {
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
        'X-Classified-Rows': expect.any(Object) as object,
        'X-Classified-Warnings': expect.any(Object) as object,
      },
      content: { 'text/csv': { schema: { type: 'string' } } },
    });
  });
});
