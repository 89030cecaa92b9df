import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { onTestFinished } from 'vitest';
import type { Classifier, Logger } from '../../src/classifier/types.js';
import { loadConfig, type Config } from '../../src/config.js';
import { isFinished } from '../../src/jobs/job.js';
import { Jobs } from '../../src/jobs/jobs.js';
import { createJobStore, type JobStore } from '../../src/jobs/store/store.js';
import { createReadOptions } from '../../src/pipeline/read-options.js';
import { build } from './app.js';
import { storeWorkerFile } from './dist.js';
import { RecordingLogger } from './recording-logger.js';
import { StubClassifier } from './stub-classifier.js';

/** Returns a folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'test-jobs-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** What a test of jobs replaces. */
export interface TestJobsParts {
  dataDir?: string;
  classifier?: Classifier;
  logger?: Logger;
  now?: () => number;
  version?: string;
  /** Changes the store, for instance so that it fails. */
  wrap?: (store: JobStore) => JobStore;
}

/** Opens jobs in a temporary folder with the real store. They are closed after the test. */
export async function openTestJobs(settings: Partial<Config> = {}, parts: TestJobsParts = {}) {
  const dataDir = parts.dataDir ?? (await temporaryFolder());
  const config = { ...loadConfig({}), ...settings, dataDir };
  const classifier = parts.classifier ?? new StubClassifier();
  const logger = parts.logger ?? new RecordingLogger();
  const opened = createJobStore(storeWorkerFile);
  const store = parts.wrap ? parts.wrap(opened) : opened;
  const jobs = await Jobs.open(config, {
    ...{ classifier, store, logger, productVersion: parts.version ?? '1' },
    readOptions: createReadOptions(config, undefined),
    ...(parts.now ? { now: parts.now } : {}),
  });
  onTestFinished(() => jobs.close());
  return { jobs, store, dataDir, config };
}

/** Resolves when a job has ended, with its last state. */
export async function ended(jobs: Jobs, id: string): Promise<ReturnType<Jobs['view']>> {
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (!isFinished(jobs.view(id))) return;
      stop();
      resolve();
    };
    const stop = jobs.watch(id, check);
    check();
  });
  return jobs.view(id);
}

/** Creates a job of a text. */
export async function createJob(
  jobs: Jobs,
  text: string | Uint8Array,
  {
    mediaType = 'text/csv',
    parameters = {},
    ...others
  }: { mediaType?: string; parameters?: object; owner?: string; idempotencyKey?: string } = {},
) {
  const created = await jobs.create({
    upload: { bytes: piecesOf(text), mediaType, isForm: false },
    parameters,
    finish: () => Promise.resolve(),
    ...others,
  });
  return { ...created, id: created.job.id };
}

async function* piecesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array, void> {
  await Promise.resolve();
  yield Buffer.from(text);
}

/** Builds an application with jobs. */
export async function buildWithJobs(settings: Partial<Config> = {}, parts: TestJobsParts = {}) {
  const classifier = new StubClassifier();
  const opened = await openTestJobs(settings, { classifier, ...parts });
  const { jobs, store } = opened;
  const { app } = await build(settings, { classifier, jobs: { jobs, store, threshold: () => 0.5 } });
  return { ...opened, app, classifier, ...clientOf(app, jobs) };
}

/** What tests ask of an application with jobs. */
function clientOf(app: FastifyInstance, jobs: Jobs) {
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers });
  /** Posts a body as a job. */
  const post = (payload: string | Buffer, { url = '/jobs', headers = {} }: PostOptions = {}) =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'text/csv', ...headers },
    } as InjectOptions);
  /** Posts a body as a job and waits for its end. Returns the URL of the job. */
  const finish = async (payload: string | Buffer, options: PostOptions = {}) => {
    const { id } = (await post(payload, options)).json<{ id: string }>();
    await ended(jobs, id);
    return `/jobs/${id}`;
  };
  return { get, post, finish };
}

interface PostOptions {
  url?: string;
  headers?: Record<string, string>;
}
