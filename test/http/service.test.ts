import { describe, expect, it } from 'vitest';
import { build } from '../support/app.js';

describe('GET /labels', () => {
  it('lists the ten labels with their definitions', async () => {
    const { app } = await build();
    const response = await app.inject('/labels');
    const { labels } = response.json<{
      labels: { name: string; definition: string; examples: string[] }[];
    }>();
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(labels.map(({ name }) => name)).toContain('Workflow Error');
    expect(labels).toHaveLength(10);
    expect(labels.every(({ definition, examples }) => definition !== '' && examples.length >= 2)).toBe(true);
  });
});

describe('GET /health', () => {
  it('reports that the process is running', async () => {
    const { app } = await build();
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
  });

  it('reports what is ready', async () => {
    const { app } = await build();
    const response = await app.inject('/health/ready');
    expect(response.json()).toMatchObject({ status: 'ready', encoder: 'stub', llm: false });
    expect(response.headers.vary).toBe('accept');
  });
});

describe('The OpenAPI description', () => {
  interface Operation {
    requestBody?: { content: Record<string, unknown> };
    responses: Record<string, { content: Record<string, unknown>; headers: Record<string, unknown> }>;
  }
  interface Api {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  }

  it('is OpenAPI 3.1 and has every body and answer of POST /classify', async () => {
    const { app } = await build();
    const api = (await app.inject('/openapi.json')).json<Api>();
    expect(api.openapi).toBe('3.1.0');
    const post = api.paths['/classify']?.post;
    expect(Object.keys(post?.requestBody?.content ?? {})).toEqual([
      'multipart/form-data',
      'text/csv',
      'text/plain',
      'application/x-ndjson',
      'application/json',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      'application/gzip',
    ]);
    expect(Object.keys(post?.responses ?? {})).toEqual([
      '200',
      '400',
      '406',
      '408',
      '413',
      '415',
      '500',
      '503',
      '507',
      'default',
    ]);
  });

  it('has the media type of every answer', async () => {
    const { app } = await build();
    const { paths } = (await app.inject('/openapi.json')).json<Api>();
    const { responses = {} } = paths['/classify']?.post ?? {};
    expect(Object.keys(responses['200']?.content ?? {})).toEqual([
      'application/json',
      'text/csv',
      'application/x-ndjson',
    ]);
    expect(Object.keys(responses['415']?.content ?? {})).toEqual(['application/problem+json']);
  });

  it('has X-Request-Id for every answer and X-Classifier-Version for labelled ones', async () => {
    const { app } = await build();
    const { paths } = (await app.inject('/openapi.json')).json<Api>();
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    const all = operations.flatMap(({ responses }) => Object.values(responses));
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(({ headers }) => !('X-Request-Id' in headers))).toEqual([]);
    const labelled = all.filter(({ headers }) => 'X-Classifier-Version' in headers);
    expect(labelled).toEqual(['/classify', '/explain'].map((path) => paths[path]?.post?.responses['200']));
  });

  it('lists every address once, except the upload page', async () => {
    const { app } = await build();
    const { paths } = (await app.inject('/openapi.json')).json<Api>();
    expect(Object.keys(paths).sort()).toEqual([
      '/classify',
      '/corrections',
      '/corrections/{id}',
      '/explain',
      '/health/live',
      '/health/ready',
      '/inspect',
      '/labels',
    ]);
  });

  it('is served as a page', async () => {
    const { app } = await build();
    const response = await app.inject('/docs');
    expect(response.headers['content-type']).toContain('text/html');
  });
});

describe('GET /', () => {
  it('serves the page, which loads nothing from other sites', async () => {
    const { app } = await build();
    const response = await app.inject('/');
    expect(response.headers['content-type']).toContain('text/html');
    expect(response.body).toContain('action="/classify/"');
    expect(response.headers['content-security-policy']).toContain("default-src 'none'");
    expect(response.body).not.toMatch(/(src|href)="https?:/);
  });
});
