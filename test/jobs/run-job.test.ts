import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { JobFolder } from '../../src/jobs/job-folder.js';
import { newJobId, noCounts, versionsOf, type Job } from '../../src/jobs/job.js';
import { runJob } from '../../src/jobs/run-job.js';
import type { JobStore } from '../../src/jobs/store/store.js';
import { createReadOptions } from '../../src/pipeline/read-options.js';
import { StubClassifier } from '../support/stub-classifier.js';

/** A job of two lines. `run` runs it with corrections of a revision, and returns whether its rows were cleared first. */
async function twoLines() {
  const dir = await mkdtemp(join(tmpdir(), 'run-job-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const folder = new JobFolder(dir, newJobId());
  await folder.create();
  await writeFile(folder.input, 'one\ntwo\n');
  const job: Job = {
    ...{ id: folder.id, state: 'running', created: 0, counts: noCounts(), warnings: [], parameters: {} },
    input: { bytes: 8, isForm: false, mediaType: 'text/plain' },
  };
  const run = async (corrections: string | undefined): Promise<boolean> => {
    const names: string[] = [];
    const store = {
      run: (_dir: string, name: string) => {
        names.push(name);
        return Promise.resolve(name === 'counts' ? job.counts : {});
      },
      clear: () => {
        names.push('clear');
        return Promise.resolve();
      },
    } as unknown as JobStore;
    const classifier = new StubClassifier();
    const session = classifier.session.bind(classifier);
    classifier.session = (options) => ({ ...session(options), corrections });
    const readOptions = createReadOptions(loadConfig({}), undefined);
    const parts = { classifier, store, readOptions, productVersion: '1.2.3' };
    const nothing = (): void => undefined;
    await runJob(job, folder, parts, new AbortController().signal, nothing, nothing);
    return names.includes('clear');
  };
  return { job, run };
}

it('goes on with a job after a restart with the same corrections', async () => {
  const { job, run } = await twoLines();
  await run('c0ffee');
  expect(await run('c0ffee')).toBe(false);
  expect(job.counts.rows).toBe(2);
  expect(versionsOf(job)).toEqual({ classifier: 'stub', corrections: 'c0ffee' });
});

it('begins a job anew after a restart with other corrections, so that no result mixes two', async () => {
  const { job, run } = await twoLines();
  await run(undefined);
  expect(versionsOf(job)).toEqual({ classifier: 'stub', corrections: undefined });
  expect(await run('c0ffee')).toBe(true);
  expect(await run('other')).toBe(true);
  expect(await run(undefined)).toBe(true);
  expect(job.counts.rows).toBe(2);
});
