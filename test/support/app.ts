import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import { buildApp, type AppParts } from '../../src/app.js';
import { loadLabels } from '../../src/classifier/labels.js';
import type { Classifier } from '../../src/classifier/types.js';
import { loadConfig, type Config } from '../../src/config.js';
import { StubClassifier } from './stub-classifier.js';

export interface TestApp {
  app: FastifyInstance;
  classifier: StubClassifier;
}

/** The parts of a test application. Without a classifier it gets a stub. */
type TestParts = Pick<AppParts, 'openSpoolFile' | 'logger' | 'corrections' | 'jobs'> & {
  classifier?: Classifier;
};

/** Builds an application that closes itself after the test. */
export async function build(settings: Partial<Config> = {}, parts: TestParts = {}): Promise<TestApp> {
  // Raw requests in tests use the host name x.
  const config = { ...loadConfig({}), allowedHosts: ['x'], ...settings };
  const classifier = new StubClassifier();
  const catalogue = await loadLabels(config.labelsFile);
  const app = await buildApp(config, {
    classifier,
    ...parts,
    catalogue: () => catalogue,
    readiness: () => ({
      status: 'ready',
      version: 'stub',
      encoder: 'stub',
      head: 'stub',
      rules: { version: 'stub', count: 0 },
      llm: false,
    }),
  });
  onTestFinished(() => app.close());
  return { app, classifier };
}

/** Builds an application that listens on a free loopback port. */
export async function listen(
  settings: Partial<Config> = {},
  parts: TestParts = {},
): Promise<TestApp & { url: string; port: number }> {
  const built = await build(settings, parts);
  await built.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = built.app.server.address() as AddressInfo;
  return { ...built, port, url: `http://127.0.0.1:${port}` };
}

/** Returns a form's body and Content-Type, for `inject` and `fetch`. */
export async function form(
  ...parts: ({ field: string; value: string } | { file: string | Uint8Array; name?: string; type?: string })[]
): Promise<{ payload: Buffer; headers: Record<string, string> }> {
  const data = new FormData();
  for (const part of parts) {
    if ('field' in part) data.append(part.field, part.value);
    else
      data.append('file', new Blob([part.file], { type: part.type ?? 'text/csv' }), part.name ?? 'logs.csv');
  }
  const encoded = new Response(data);
  return {
    payload: Buffer.from(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
  };
}
