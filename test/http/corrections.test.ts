import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClassifier } from '../../src/classifier/classifier.js';
import { MAX_CORRECTIONS, writeCorrections } from '../../src/classifier/corrections/corrections-file.js';
import { Corrections } from '../../src/classifier/corrections/corrections.js';
import { builtInLabelsFile } from '../../src/config.js';
import { loadLabels } from '../../src/classifier/labels.js';
import { readLabelledFile } from '../../src/labelled-data/labelled-csv.js';
import { build } from '../support/app.js';
import { correctionOf } from '../support/corrections.js';
import { fakeSnapshot } from '../support/fake-snapshot.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { deferred } from '../support/stub-classifier.js';
import { until } from '../support/until.js';

interface Listed {
  id: string;
  log_message: string;
  active: boolean;
}

/** An application with corrections in a temporary folder and a real classifier with a fake encoder. */
async function open({ before = [] }: { before?: Parameters<typeof writeCorrections>[1] } = {}) {
  const parent = await mkdtemp(join(tmpdir(), 'corrections-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const dir = join(parent, 'data');
  if (before.length > 0) await writeCorrections(join(dir, 'corrections.json'), before);
  const corrections = await Corrections.open(dir, { logger: new RecordingLogger() });
  const { names } = await loadLabels(builtInLabelsFile);
  const classifier = createClassifier(
    { current: fakeSnapshot() },
    () => Promise.resolve(),
    () => corrections.setFor(names),
  );
  const { app } = await build({}, { classifier, corrections });
  const post = (payload: string | object, headers = {}) =>
    app.inject({ method: 'POST', url: '/corrections', payload, headers });
  const list = async () => (await app.inject('/corrections')).json<{ corrections: Listed[] }>().corrections;
  const classify = (log_message: string, source = 'A') =>
    app.inject({ method: 'POST', url: '/classify', payload: { source, log_message } });
  return { app, dir, parent, post, list, classify };
}

const LEFT = { log_message: 'User 7 left', label: 'User Action' };

describe('POST /corrections', () => {
  it('answers 201 with the correction, which acts at once', async () => {
    const { post, classify } = await open();
    expect((await classify('User 8 left')).headers).not.toHaveProperty('x-corrections-version');
    const created = await post({ ...LEFT, source: 'CRM' });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toEqual({
      id: expect.any(String) as string,
      ...LEFT,
      template: 'User <num> left',
      source: 'CRM',
      created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      active: true,
    });
    const answer = await classify('User 8 left', 'crm');
    expect(answer.json()).toMatchObject({
      results: [{ target_label: 'User Action', tier: 'corrected', confidence: 1 }],
    });
    expect(answer.headers['x-corrections-version']).toMatch(/^[0-9a-f]{16}$/);
    expect(created.headers['x-corrections-version']).toBe(answer.headers['x-corrections-version']);
    expect((await classify('User 8 left')).json()).toMatchObject({ results: [{ tier: 'embedding' }] });
  });

  it('labels corrected lines of a CSV, and names the corrections in a streamed answer', async () => {
    const { app, post } = await open();
    await post(LEFT);
    const payload = 'source,log_message\nA,User 9 left\n';
    const send = (query: string) =>
      app.inject({
        ...{ method: 'POST', url: `/classify?${query}`, payload },
        headers: { 'content-type': 'text/csv' },
      });
    expect((await send('details=true')).body).toBe(
      'source,log_message,target_label,tier,confidence,rule,note\nA,User 9 left,User Action,corrected,1,,\n',
    );
    expect((await send('stream=true')).headers).toHaveProperty('x-corrections-version');
  });

  it('replaces the label of the same template and source', async () => {
    const { post, list } = await open();
    const { id } = (await post(LEFT)).json<Listed>();
    const again = await post({ log_message: 'User 12 left', label: 'Error' });
    expect(again.statusCode).toBe(201);
    expect(await list()).toMatchObject([{ id, label: 'Error', log_message: 'User 12 left' }]);
  });

  it('refuses an unknown label and names the known ones', async () => {
    const response = await (await open()).post({ ...LEFT, label: 'User Akcion' });
    expect(response.json()).toMatchObject({ status: 400, code: 'request_invalid' });
    expect(response.json<{ detail: string }>().detail).toMatch(
      /^There is no label "User Akcion"\. Did you mean User Action\? The labels are .*Error/,
    );
  });

  it.each([
    [{ label: 'Error' }, 400, 'json_invalid', /log_message must be a text/],
    [{ ...LEFT, log_message: ' ' }, 400, 'json_invalid', /log_message must not be empty/],
    [{ ...LEFT, log_message: '\u001b[0m' }, 400, 'json_invalid', /log_message must not be empty/],
    [{ ...LEFT, log_message: 'x'.repeat(65_537) }, 400, 'json_invalid', /at most 65,536 characters/],
    [{ ...LEFT, src: 'CRM' }, 400, 'json_invalid', /"src"/],
    [{ ...LEFT, log_message: '"'.repeat(500_000) }, 413, 'upload_too_large', /409600 bytes/],
    ['[1', 400, 'json_invalid', /./],
  ])('refuses a wrong body: %#', async (body, status, code, detail) => {
    const { post, list } = await open();
    const response = await post(body, { 'content-type': 'application/json' });
    expect(response.json()).toMatchObject({ status, code });
    expect(response.json<{ detail: string }>().detail).toMatch(detail);
    expect(await list()).toEqual([]);
  });

  it('refuses other media types and parameters', async () => {
    const { app, post } = await open();
    expect((await post('a', { 'content-type': 'text/csv' })).json()).toMatchObject({
      code: 'media_type_unsupported',
    });
    const response = await app.inject({ method: 'POST', url: '/corrections?source=A', payload: LEFT });
    expect(response.json()).toMatchObject({ status: 400, code: 'parameter_unknown' });
  });

  it('refuses a page of another site', async () => {
    const response = await (await open()).post(LEFT, { 'sec-fetch-site': 'cross-site' });
    expect(response.json()).toMatchObject({ status: 403, code: 'cross_site' });
  });

  it('answers 507 when there are as many corrections as can be kept', async () => {
    const before = Array.from({ length: MAX_CORRECTIONS }, (_, i) =>
      correctionOf({ message: `m-${i.toString(36)}-x`, label: 'Error' }),
    );
    const { post } = await open({ before });
    const response = await post(LEFT);
    expect(response.json()).toMatchObject({ status: 507, code: 'corrections_full' });
  });

  it('answers 500 when the correction cannot be written, and changes nothing', async () => {
    const { dir, post, list } = await open();
    await writeFile(dir, 'in the way');
    expect((await post(LEFT)).json()).toMatchObject({ status: 500, code: 'internal' });
    expect(await list()).toEqual([]);
  });
});

it('POST /explain names the correction, and explains what the label would be without it', async () => {
  const { app, post } = await open();
  const { id } = (await post({ ...LEFT, source: 'CRM' })).json<Listed>();
  const payload = { source: 'crm', log_message: 'User 8 left' };
  const response = await app.inject({ method: 'POST', url: '/explain', payload });
  expect(response.headers).toHaveProperty('x-corrections-version');
  expect(response.json()).toMatchObject({
    ...{ target_label: 'User Action', tier: 'corrected', confidence: 1 },
    correction: { id, log_message: 'User 7 left', source: 'CRM', without_correction: { tier: 'embedding' } },
    embedding: { template: 'User <num> left' },
  });
});

describe('GET /corrections', () => {
  const gone = correctionOf({ message: 'ab', label: 'Gone' });

  it('lists the last correction first, and marks those whose label no longer exists', async () => {
    const { post, list } = await open({ before: [gone] });
    await post(LEFT);
    expect((await list()).map(({ log_message, active }) => [log_message, active])).toEqual([
      ['User 7 left', true],
      ['ab', false],
    ]);
  });

  it.each([
    ['/corrections?format=csv', {}],
    ['/corrections', { accept: 'text/csv' }],
  ])('gives those that act as a CSV that training takes: %s', async (url, headers) => {
    const { app, parent, post } = await open({ before: [gone] });
    await post(LEFT);
    await post({ log_message: '=cmd, "x"\nat y', label: 'Error', source: 'CRM' });
    const response = await app.inject({ url, headers });
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="corrections.csv"',
    });
    expect(response.body).toBe(
      'source,log_message,target_label\n,User 7 left,User Action\nCRM,"=cmd, ""x""\nat y",Error\n',
    );
    const file = join(parent, 'corrections.csv');
    await writeFile(file, response.body);
    const { records } = await readLabelledFile(file, { maxCellChars: 1000 });
    expect(records.map(({ source, message, label }) => [source, message, label])).toEqual([
      ['', 'User 7 left', 'User Action'],
      ['CRM', '=cmd, "x"\nat y', 'Error'],
    ]);
  });

  it('refuses another format', async () => {
    const response = await (await open()).app.inject('/corrections?format=xml');
    expect(response.json()).toMatchObject({
      status: 400,
      detail: 'The parameter format must be csv or json.',
    });
  });
});

describe('DELETE /corrections/{id}', () => {
  it('answers 204, and the correction acts no more', async () => {
    const { app, post, classify } = await open();
    const { id } = (await post(LEFT)).json<Listed>();
    const remove = () => app.inject({ method: 'DELETE', url: `/corrections/${id}` });
    expect((await remove()).statusCode).toBe(204);
    expect((await classify('User 8 left')).json()).toMatchObject({ results: [{ tier: 'embedding' }] });
    expect((await remove()).json()).toMatchObject({ status: 404, code: 'correction_unknown' });
  });

  it('is not offered for all corrections at once', async () => {
    const { app } = await open();
    const response = await app.inject({ method: 'DELETE', url: '/corrections' });
    expect(response.json()).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });
});

describe('A server without corrections', () => {
  it.each([
    ['GET', '/corrections'],
    ['POST', '/corrections'],
    ['DELETE', '/corrections/x'],
  ] as const)('answers %s %s with 403 and names CORRECTIONS=on', async (method, url) => {
    const { app } = await build();
    const response = await app.inject({ method, url, ...(method === 'POST' ? { payload: LEFT } : {}) });
    expect(response.json()).toMatchObject({ status: 403, code: 'corrections_off' });
    expect(response.body).toContain('CORRECTIONS=on');
  });
});

it('an upload that runs keeps the corrections that were current when it began', async () => {
  const gate = deferred();
  const { app, classifier } = await build();
  const session = classifier.session.bind(classifier);
  let revision = 'before';
  classifier.gate = gate.promise;
  classifier.session = (options) => ({ ...session(options), corrections: revision });
  const answer = app.inject({ method: 'POST', url: '/classify', payload: { log_message: 'x' } });
  await until(() => classifier.sessions.length === 1);
  revision = 'after';
  gate.resolve();
  expect((await answer).headers['x-corrections-version']).toBe('before');
});
