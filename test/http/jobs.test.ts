import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { form } from '../support/app.js';
import { buildWithJobs, ended } from '../support/jobs.js';
import { deferred } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

const CSV = 'source,log_message\nA,one\nB,"two, too"\n';
const UNKNOWN = 'f'.repeat(32);

describe('POST /jobs', () => {
  it('answers 202 with the place of the job', async () => {
    const { post, get, jobs } = await buildWithJobs();
    const response = await post(CSV);
    const job = response.json<{ id: string }>();
    expect([response.statusCode, response.headers.location]).toEqual([202, `/jobs/${job.id}`]);
    expect(job).toMatchObject({ bytes: CSV.length, rows: 0, parameters: {} });
    await ended(jobs, job.id);
    expect((await get(`/jobs/${job.id}`)).json()).toMatchObject({
      ...{ id: job.id, state: 'done', rows: 2, bytes_read: CSV.length, tiers: { rule: 2 } },
      ...{ labels: { '<one>': 1, '<two, too>': 1 }, notes: {}, warnings: [], classifier_version: 'stub' },
    });
  });

  it('takes a form with parameters before its file', async () => {
    const { finish, get } = await buildWithJobs();
    const { payload, headers } = await form(
      { field: 'details', value: 'true' },
      { file: CSV, name: 'a.csv' },
    );
    const url = await finish(payload, { headers });
    expect((await get(url)).json()).toMatchObject({ file_name: 'a.csv', parameters: { details: 'true' } });
  });

  it.each([
    ['/jobs?stream=true', 400, 'parameter_unknown'],
    ['/jobs?detials=true', 400, 'parameter_unknown'],
    ['/jobs?on_error=ignore', 400, 'request_invalid'],
  ])('refuses %s', async (url, status, code) => {
    const { post, dataDir } = await buildWithJobs();
    const response = await post(CSV, { url });
    expect([response.statusCode, response.json()]).toMatchObject([status, { code }]);
    expect(await readdir(join(dataDir, 'jobs'))).toEqual([]);
  });

  it('refuses an upload that is too large, and keeps nothing of it', async () => {
    const { post, jobs } = await buildWithJobs({ maxUploadBytes: 20 });
    expect((await post(CSV)).json()).toMatchObject({ status: 413, code: 'upload_too_large' });
    expect(jobs.list('')).toEqual([]);
  });

  it('answers 507 when no job can be deleted to make room', async () => {
    const { post } = await buildWithJobs({ jobsMaxBytes: 10 });
    expect((await post(CSV)).json()).toMatchObject({ status: 507, code: 'jobs_full' });
  });

  it('gives the same job for the same Idempotency-Key, and 409 for another body', async () => {
    const { post } = await buildWithJobs();
    const headers = { 'idempotency-key': 'a key' };
    const [first, again, other] = [
      await post(CSV, { headers }),
      await post(CSV, { headers }),
      await post(`${CSV}C,three\n`, { headers }),
    ];
    expect([again.statusCode, again.json<object>()]).toMatchObject([
      200,
      { id: first.json<{ id: string }>().id },
    ]);
    expect(again.headers.location).toBe(first.headers.location);
    expect(other.json()).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  });
});

describe('The jobs of a browser', () => {
  const cookieOf = (value = randomBytes(16).toString('hex')) => ({ cookie: `log_classifier_owner=${value}` });

  it('are those that it has made: the page gives it a cookie', async () => {
    const { get, post } = await buildWithJobs();
    const page = await get('/');
    const [cookie = ''] = String(page.headers['set-cookie']).split(';');
    expect(page.headers['set-cookie']).toMatch(/; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const { id } = (await post(CSV, { headers: { cookie } })).json<{ id: string }>();
    await post(CSV, { headers: cookieOf() });
    const mine = (await get('/jobs', { cookie })).json<{ jobs: { id: string }[] }>();
    expect(mine.jobs.map((job) => job.id)).toEqual([id]);
    expect((await get('/', { cookie })).headers).not.toHaveProperty('set-cookie');
  });

  it.each([undefined, 'log_classifier_owner=short', 'other=1'])(
    'are none with the cookie %s',
    async (cookie) => {
      const { get, post } = await buildWithJobs();
      await post(CSV, { headers: cookieOf() });
      await post(CSV);
      expect((await get('/jobs', cookie === undefined ? {} : { cookie })).json()).toEqual({ jobs: [] });
    },
  );

  it('do not show the digest of the cookie', async () => {
    const { get, post } = await buildWithJobs();
    const headers = cookieOf();
    const { id } = (await post(CSV, { headers: { ...headers, 'idempotency-key': 'k' } })).json<{
      id: string;
    }>();
    const text = (await get(`/jobs/${id}`)).body;
    expect(text).not.toMatch(/owner|idempotency/);
  });
});

describe('A job', () => {
  it('that does not exist is a 404, whatever is asked of it', async () => {
    const { app } = await buildWithJobs();
    const calls = [
      ...(['', '/events', '/summary', '/templates', '/rows', '/result', '/rejected'] as const).map(
        (path) => ['GET', path] as const,
      ),
      ...(['/cancel', '/retry'] as const).map((path) => ['POST', path] as const),
      ['DELETE', ''] as const,
    ];
    for (const [method, path] of calls) {
      for (const id of [UNKNOWN, 'x', '..%2F..%2Fetc', '']) {
        const response = await app.inject({ method, url: `/jobs/${id}${path}` });
        const got = [method, path, id, response.statusCode, response.json()];
        expect(got).toMatchObject([method, path, id, 404, { code: 'job_unknown' }]);
      }
    }
  });

  it('is a 405 for methods that its addresses do not have', async () => {
    const { app } = await buildWithJobs();
    for (const [method, path, allow] of [
      ['PUT', '', 'DELETE, GET, HEAD'],
      ['POST', '', 'DELETE, GET, HEAD'],
      ['GET', '/cancel', 'POST'],
      ['DELETE', '/rows', 'GET, HEAD'],
    ] as const) {
      const response = await app.inject({ method, url: `/jobs/${UNKNOWN}${path}` });
      expect([response.statusCode, response.headers.allow]).toEqual([405, allow]);
    }
  });

  it('is a 404 at an address that does not exist', async () => {
    const { get } = await buildWithJobs();
    expect((await get(`/jobs/${UNKNOWN}/nothing`)).json()).toMatchObject({ code: 'not_found' });
  });

  it('that failed says why with the line, and is labelled again by retry?on_error=skip', async () => {
    const { app, finish, get, jobs } = await buildWithJobs();
    const url = await finish(`${CSV}C\nD,four\n`);
    expect((await get(url)).json()).toMatchObject({
      ...{ state: 'failed', problem: { code: 'csv_malformed', status: 400, line: 4 } },
    });
    expect((await get(`${url}/result`)).json()).toMatchObject({ status: 409, code: 'job_not_done' });
    const retried = await app.inject({ method: 'POST', url: `${url}/retry?on_error=skip` });
    expect([retried.statusCode, retried.headers.location]).toEqual([202, url]);
    await ended(jobs, url.slice(6));
    expect((await get(url)).json()).toMatchObject({
      state: 'done',
      parameters: { on_error: 'skip' },
      rows: 3,
    });
  });

  it('that runs has no results yet, cannot be retried, and can be cancelled', async () => {
    const { app, classifier, post, get } = await buildWithJobs();
    classifier.gate = deferred().promise;
    const { id } = (await post(CSV)).json<{ id: string }>();
    await until(() => classifier.asked.length > 0);
    for (const path of ['result', 'summary', 'templates', 'rows', 'rejected']) {
      const { statusCode, body } = await get(`/jobs/${id}/${path}`);
      expect([path, statusCode]).toEqual([path, 409]);
      expect(body).toContain('The job is running');
    }
    const retried = await app.inject({ method: 'POST', url: `/jobs/${id}/retry` });
    expect(retried.json()).toMatchObject({ status: 409, code: 'job_running' });
    const cancelled = await app.inject({ method: 'POST', url: `/jobs/${id}/cancel` });
    expect(cancelled.json()).toMatchObject({ state: 'cancelled' });
  });

  it('is deleted', async () => {
    const { app, finish, get } = await buildWithJobs();
    const url = await finish(CSV);
    const deleted = await app.inject({ method: 'DELETE', url });
    expect([deleted.statusCode, deleted.body]).toEqual([204, '']);
    expect((await get(url)).statusCode).toBe(404);
  });
});
