import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import type { JobStore } from '../../src/jobs/store/store.js';
import { createJob, ended, openTestJobs } from '../support/jobs.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { deferred, StubClassifier } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

const LABEL = { label: 'Error', tier: 'rule', confidence: 1, rule: 'r' } as const;
const CSV = 'source,log_message\nA,one\nB,two\n';

/** A CSV with this many rows. */
function csvOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `A,message ${index}`);
  return `source,log_message\n${lines.join('\n')}\n`;
}

/** A classifier that waits, and what lets it go on. */
function gatedClassifier() {
  const [classifier, gate] = [new StubClassifier(), deferred()];
  classifier.gate = gate.promise;
  return { classifier, open: gate.resolve };
}

describe('Jobs', () => {
  it('label an upload, and keep it across a restart', async () => {
    const first = await openTestJobs();
    const { id } = await createJob(first.jobs, CSV);
    expect(await ended(first.jobs, id)).toMatchObject({ state: 'done', counts: { rows: 2 } });
    const before = first.jobs.view(id);
    await first.jobs.close();
    const { jobs } = await openTestJobs({}, { dataDir: first.dataDir });
    expect(jobs.view(id)).toEqual({ ...before, bytesRead: before.input.bytes });
  });

  it('go on after a restart from the rows that are committed, without labelling them again', async () => {
    const classifier = new StubClassifier();
    // The rest waits after about 25,000 rows.
    classifier.label = (message) => {
      if (message === 'message 25000') classifier.gate = deferred().promise;
      return LABEL;
    };
    const first = await openTestJobs({}, { classifier });
    const { id } = await createJob(first.jobs, csvOf(60_000));
    await until(() => classifier.gate !== undefined && first.jobs.view(id).counts.rows >= 22_000);
    await first.jobs.close();
    const again = new StubClassifier();
    again.label = () => LABEL;
    const { jobs, store } = await openTestJobs({}, { classifier: again, dataDir: first.dataDir });
    expect(await ended(jobs, id)).toMatchObject({ state: 'done', counts: { rows: 60_000 } });
    expect(again.asked.length).toBe(40_000);
    expect(again.asked.at(0)).toBe(`message ${60_000 - again.asked.length}`);
    const question = { filter: {}, from: 59_999, limit: 5 };
    expect(await store.run(jobs.finished(id).folder.path, 'rowsPage', question)).toMatchObject({
      rows: [{ row: 59_999, message: 'message 59999', label: 'Error' }],
    });
  });

  it('begin with the first row after a restart with another version', async () => {
    const { classifier } = gatedClassifier();
    const first = await openTestJobs({}, { classifier });
    const { id } = await createJob(first.jobs, CSV);
    await until(() => classifier.asked.length === 2);
    await first.jobs.close();
    const again = new StubClassifier();
    const { jobs } = await openTestJobs({}, { classifier: again, dataDir: first.dataDir, version: '2' });
    expect(await ended(jobs, id)).toMatchObject({ state: 'done', version: 'stub 2', counts: { rows: 2 } });
    expect(again.asked).toEqual(['one', 'two']);
  });

  it('fail with the problem that POST /classify answers, and can be tried again with on_error=skip', async () => {
    const { jobs } = await openTestJobs();
    const { id } = await createJob(jobs, `${CSV}C\nD,four\n`);
    const { state, problem } = await ended(jobs, id);
    expect([state, problem]).toMatchObject(['failed', { code: 'csv_malformed', status: 400, line: 4 }]);
    expect(() => jobs.finished(id)).toThrow('The job is failed');
    await jobs.retry(id, { on_error: 'skip' });
    const again = await ended(jobs, id);
    expect(again).toMatchObject({ state: 'done', counts: { rows: 3 }, warnings: [{ code: 'rows-skipped' }] });
    expect(again.problem).toBeUndefined();
  });

  it('end without rows when none can be read', async () => {
    const { jobs, store } = await openTestJobs();
    const bad = Array.from({ length: 1000 }, () => 'x').join('\n');
    const { id } = await createJob(jobs, `source,log_message\n${bad}\n`, {
      parameters: { on_error: 'skip' },
    });
    expect(await ended(jobs, id)).toMatchObject({ state: 'done', counts: { rows: 0 } });
    const rejected = await store.run(jobs.finished(id).folder.path, 'rejectedRows', 0, 5000);
    expect(rejected).toHaveLength(1000);
    expect(rejected.at(-1)).toMatchObject({ line: 1001, text: 'x' });
  });

  it('are cancelled while they run and while they wait, and can be tried again', async () => {
    const { classifier, open } = gatedClassifier();
    const { jobs } = await openTestJobs({ maxRunningJobs: 1 }, { classifier });
    const running = await createJob(jobs, CSV);
    const waiting = await createJob(jobs, CSV);
    expect(jobs.view(waiting.id)).toMatchObject({ state: 'queued', queued: 1 });
    expect(await jobs.cancel(waiting.id)).toMatchObject({ state: 'cancelled' });
    await until(() => classifier.asked.length > 0);
    expect(await jobs.cancel(running.id)).toMatchObject({ state: 'cancelled' });
    open();
    for (const { id } of [running, waiting]) {
      await jobs.retry(id, {});
      expect(await ended(jobs, id)).toMatchObject({ state: 'done', counts: { rows: 2 } });
    }
    expect(await jobs.cancel(running.id)).toMatchObject({ state: 'done' });
  });

  it('begin in the order of their size', async () => {
    const { classifier, open } = gatedClassifier();
    const { jobs } = await openTestJobs({ maxRunningJobs: 1 }, { classifier });
    const ids = [];
    for (const rows of [1, 30, 20, 10]) ids.push((await createJob(jobs, csvOf(rows))).id);
    open();
    for (const id of ids) await ended(jobs, id);
    // The first one ran at once. The third start is that of the job that has waited longest.
    const sizes = classifier.asked.map((message, index) => (message === 'message 0' ? index : -1));
    expect(sizes.filter((index) => index >= 0)).toEqual([0, 1, 11, 41]);
  });

  it('are deleted with their files, whatever they are doing', async () => {
    const { classifier } = gatedClassifier();
    const { jobs, dataDir } = await openTestJobs({ maxRunningJobs: 1 }, { classifier });
    const ids = [(await createJob(jobs, CSV)).id, (await createJob(jobs, CSV)).id];
    for (const id of ids) await jobs.remove(id);
    for (const id of ids) expect(() => jobs.view(id)).toThrow('There is no job');
    expect(await readdir(join(dataDir, 'jobs'))).toEqual([]);
  });

  it('expire after their time, and not before', async () => {
    const first = await openTestJobs({ jobTtl: 1000 }, { now: () => 5000 });
    const { id } = await createJob(first.jobs, CSV);
    expect(await ended(first.jobs, id)).toMatchObject({ finished: 5000, expires: 6000 });
    await first.jobs.close();
    const before = await openTestJobs({ jobTtl: 1000 }, { dataDir: first.dataDir, now: () => 5999 });
    expect(before.jobs.view(id).state).toBe('done');
    await before.jobs.close();
    const { jobs } = await openTestJobs({ jobTtl: 1000 }, { dataDir: first.dataDir, now: () => 6000 });
    expect(() => jobs.view(id)).toThrow('There is no job');
    expect(await readdir(join(first.dataDir, 'jobs'))).toEqual([]);
  });
});

describe('The disk of jobs', () => {
  it('makes room by deleting the job that finished first', async () => {
    const big = `source,log_message\nA,${'x'.repeat(400_000)}\n`;
    let time = 0;
    const { jobs } = await openTestJobs({ jobsMaxBytes: 8_000_000 }, { now: () => ++time });
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      ids.push((await createJob(jobs, big)).id);
      await ended(jobs, ids.at(-1) ?? '');
    }
    const kept = ids.filter((id) => {
      try {
        return jobs.view(id).state === 'done';
      } catch {
        return false;
      }
    });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(5);
    expect(kept).toEqual(ids.slice(-kept.length));
  });

  it('refuses an upload for which nothing can be deleted, and keeps nothing of it', async () => {
    const { jobs, dataDir } = await openTestJobs({ jobsMaxBytes: 1000 });
    await expect(createJob(jobs, 'x'.repeat(1001))).rejects.toMatchObject({ code: 'jobs_full', status: 507 });
    expect(await readdir(join(dataDir, 'jobs'))).toEqual([]);
    const { id } = await createJob(jobs, 'source,log_message\n', { owner: 'me' });
    expect(jobs.list('me').map((job) => job.id)).toEqual([id]);
  });

  it('fails a job whose rows take too much, deletes the rows and keeps the input', async () => {
    const { jobs, dataDir } = await openTestJobs({ jobsMaxBytes: 2000 });
    const { id } = await createJob(jobs, CSV);
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', problem: { code: 'jobs_full' } });
    expect((await readdir(join(dataDir, 'jobs', id))).sort()).toEqual(['input', 'job.json', 'summary.json']);
  });

  it('that is full while an upload is received refuses it, and keeps nothing of it', async () => {
    const { jobs, dataDir } = await openTestJobs();
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    const bytes = (async function* () {
      yield Buffer.from(CSV);
      await Promise.reject(full);
    })();
    const finish = () => Promise.resolve();
    const upload = { bytes, mediaType: 'text/csv', isForm: false };
    await expect(jobs.create({ upload, parameters: {}, finish })).rejects.toMatchObject({
      code: 'disk_full',
    });
    expect(await readdir(join(dataDir, 'jobs'))).toEqual([]);
  });

  it('that is full while rows are labelled fails the job, which can be tried again', async () => {
    let isFull = true;
    const wrap = (store: JobStore): JobStore => ({
      ...store,
      run: (dir, name, ...args) =>
        isFull && name === 'append'
          ? Promise.reject(new AppError('disk_full', 'The disk is too full.'))
          : store.run(dir, name, ...args),
    });
    const { jobs } = await openTestJobs({}, { wrap });
    const { id } = await createJob(jobs, CSV);
    expect(await ended(jobs, id)).toMatchObject({
      state: 'failed',
      problem: { code: 'disk_full', status: 507 },
    });
    isFull = false;
    await jobs.retry(id, {});
    expect(await ended(jobs, id)).toMatchObject({ state: 'done', counts: { rows: 2 } });
  });
});

describe('A DATA_DIR with damage', () => {
  it.each([
    ['no job.json', (dir: string) => rm(join(dir, 'job.json'))],
    ['a broken job.json', (dir: string) => writeFile(join(dir, 'job.json'), '{"id":')],
    ['a job.json of another job', (dir: string) => writeFile(join(dir, 'job.json'), '{"id": "x"}')],
    ['no input', (dir: string) => rm(join(dir, 'input'))],
    ['a shorter input', (dir: string) => writeFile(join(dir, 'input'), 'source')],
  ])('opens; the job with %s has failed and cannot be tried again', async (_, damage) => {
    const first = await openTestJobs();
    const ids = [(await createJob(first.jobs, CSV)).id, (await createJob(first.jobs, CSV)).id];
    for (const id of ids) await ended(first.jobs, id);
    await first.jobs.close();
    const [broken = '', whole = ''] = ids;
    await damage(join(first.dataDir, 'jobs', broken));
    const logger = new RecordingLogger();
    const { jobs } = await openTestJobs({}, { dataDir: first.dataDir, logger });
    expect(jobs.view(whole).state).toBe('done');
    expect(jobs.view(broken)).toMatchObject({ state: 'failed', problem: { code: 'job_damaged' } });
    expect(logger.of('warn')).toEqual(['the folder of a job is broken; the job has failed']);
    await expect(jobs.retry(broken, {})).rejects.toMatchObject({ code: 'job_damaged' });
    await jobs.remove(broken);
    expect(await readdir(join(first.dataDir, 'jobs'))).toEqual([whole]);
  });

  it('fails a job whose rows are broken, and labels it again on demand', async () => {
    const { classifier } = gatedClassifier();
    const first = await openTestJobs({}, { classifier });
    const { id } = await createJob(first.jobs, CSV);
    await until(() => classifier.asked.length > 0);
    await first.jobs.close();
    const rows = join(first.dataDir, 'jobs', id, 'rows.duckdb');
    await rm(`${rows}.wal`, { force: true });
    await writeFile(rows, 'not a database');
    const logger = new RecordingLogger();
    const { jobs } = await openTestJobs({}, { dataDir: first.dataDir, logger });
    expect(await ended(jobs, id)).toMatchObject({ state: 'failed', problem: { code: 'internal' } });
    expect(logger.of('error')).toEqual(['job failed']);
    await jobs.retry(id, {});
    expect(await ended(jobs, id)).toMatchObject({ state: 'done', counts: { rows: 2 } });
  });

  it('is freed of what uploads and deletions left behind, and keeps the files of others', async () => {
    const first = await openTestJobs();
    await first.jobs.close();
    const dir = join(first.dataDir, 'jobs');
    const id = 'a'.repeat(32);
    for (const name of [`${id}.part`, `${id}.removed`, `${id}.part.removed`, 'mine'])
      await mkdir(join(dir, name));
    await openTestJobs({}, { dataDir: first.dataDir });
    expect(await readdir(dir)).toEqual(['mine']);
  });
});

describe('An Idempotency-Key', () => {
  const key = { idempotencyKey: 'nightly' };

  it('gives the same job for the same request, also while the first one is still being received', async () => {
    const { jobs, dataDir } = await openTestJobs();
    const both = await Promise.all([createJob(jobs, CSV, key), createJob(jobs, CSV, key)]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(1);
    expect(both.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect(await readdir(join(dataDir, 'jobs'))).toEqual([both[0].id]);
  });

  it('gives the same job after a restart and after a retry with other parameters', async () => {
    const first = await openTestJobs();
    const { id } = await createJob(first.jobs, CSV, key);
    await ended(first.jobs, id);
    await first.jobs.retry(id, { details: 'true' });
    await ended(first.jobs, id);
    await first.jobs.close();
    const { jobs } = await openTestJobs({}, { dataDir: first.dataDir });
    expect(await createJob(jobs, CSV, key)).toMatchObject({ id, isNew: false });
  });

  it.each([
    ['another body', 'source,log_message\nA,other\n', {}],
    ['other parameters', CSV, { parameters: { details: 'true' } }],
    ['another media type', CSV, { mediaType: 'text/plain' }],
  ])('is refused for %s', async (_, text, others) => {
    const { jobs } = await openTestJobs();
    await createJob(jobs, CSV, key);
    await expect(createJob(jobs, text, { ...key, ...others })).rejects.toMatchObject({
      code: 'idempotency_conflict',
    });
  });

  it('of one owner means nothing to another', async () => {
    const { jobs } = await openTestJobs();
    const mine = await createJob(jobs, CSV, { ...key, owner: 'me' });
    const theirs = await createJob(jobs, 'source,log_message\nA,other\n', { ...key, owner: 'they' });
    expect([mine.isNew, theirs.isNew]).toEqual([true, true]);
    expect(jobs.list('me').map(({ id }) => id)).toEqual([mine.id]);
  });
});
