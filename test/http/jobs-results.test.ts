import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Classification } from '../../src/classifier/types.js';
import { packWorkbook } from '../formats/xlsx/support.js';
import { buildWithJobs, temporaryFolder } from '../support/jobs.js';

const CSV = 'source,log_message\nA,one\nB,"two, too"\nA,three\n';
const TIMED =
  'time,source,log_message,target_label\n2026-01-02T03:04:05Z,A,disk 1 full,Error\n2026-01-02T04:04:05Z,B,disk 2 full,Other\n,A,hello,Error\n';

/** Labels with all tiers and notes, by the words of a message. */
function label(message: string): Classification {
  const top = [{ label: 'Error', confidence: 0.123456789 }];
  if (message === 'two') return { label: 'Error', tier: 'embedding', confidence: 0.7, top };
  if (message.includes('disk')) return { label: 'Error', tier: 'embedding', confidence: message.length / 20 };
  if (message.includes('unsure'))
    return { label: 'Unclassified', tier: 'embedding', confidence: 0.2, note: 'low-confidence' };
  return { label: 'User Action', tier: 'rule', confidence: 1, rule: 'hello' };
}

const row = (source: string, message: string) =>
  `<row><c t="inlineStr"><is><t>${source}</t></is></c><c t="inlineStr"><is><t>${message}</t></is></c></row>`;
const XLSX = Buffer.from(
  await packWorkbook({ rows: row('source', 'log_message') + row('A', 'one') + row('B', 'two') }),
);

describe('GET /jobs/{id}/result', () => {
  it.each([
    ['csv', 'text/csv', CSV],
    ['a csv with semicolons', 'text/csv', 'source;log_message;n\r\nA;one;1\r\nB;"a;b";2\r\n'],
    ['a csv without a last line break', 'text/csv', 'source,log_message\nA,one'],
    ['a csv with a byte order mark', 'text/csv', '\ufeffsource,log_message\nA,one\n'],
    [
      'a csv in another encoding',
      'text/csv; charset=iso-8859-2',
      Buffer.from('source,log_message\nA,\xb1\n', 'latin1'),
    ],
    ['lines', 'text/plain', 'one\ntwo\n\n  at three\nfour'],
    ['ndjson', 'application/x-ndjson', '{"message":"one","n":1e2}\n\n{"message":"\\ud800 two","a":[1, 2]}\n'],
    ['a json list', 'application/json', '[{"message": "one", "x": 1.0}, {"message": "a\\u0000b"}]'],
    ['json logs', 'application/json', '{"logs":[{"source":"A","log_message":"one"}]}'],
    ['a workbook', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', XLSX],
    ['gzip', 'application/gzip', gzipSync(CSV)],
  ])('has the bytes that POST /classify/ answers for %s', async (_, type, body) => {
    const { app, classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const headers = { 'content-type': type };
    for (const query of ['', '?details=true', '?top=2']) {
      const answer = await app.inject({ method: 'POST', url: `/classify/${query}`, payload: body, headers });
      const url = await finish(Buffer.from(body), { url: `/jobs${query}`, headers });
      const result = await get(`${url}/result`);
      expect(answer.statusCode).toBe(200);
      expect(result.rawPayload.equals(answer.rawPayload), `${result.body}\n${answer.body}`).toBe(true);
      for (const name of ['content-type', 'x-classifier-version'])
        expect([name, result.headers[name]]).toEqual([name, answer.headers[name]]);
    }
  });

  it.each(['text/csv', 'application/json', 'application/x-ndjson'])(
    'has the bytes that POST /classify/ answers to Accept: %s',
    async (accept) => {
      const { app, finish, get } = await buildWithJobs();
      const headers = { 'content-type': 'text/csv', accept };
      const answer = await app.inject({ method: 'POST', url: '/classify', payload: CSV, headers });
      const format = accept.replace(/.*\/(x-)?/, '');
      expect((await get(`${await finish(CSV)}/result?format=${format}`)).body).toBe(answer.body);
    },
  );

  it('has only the rows that fit the filters', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = await finish(TIMED);
    const messages = async (query: string) =>
      (await get(`${url}/result?${query}`)).body
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(',')[2]);
    expect(await messages('label=Error')).toEqual(['disk 1 full', 'disk 2 full']);
    expect(await messages('label=Error&label=User%20Action&source=A')).toEqual(['disk 1 full', 'hello']);
    expect(await messages('tier=rule')).toEqual(['hello']);
    expect(await messages('own_label=Other')).toEqual(['disk 2 full']);
    expect(await messages('max_confidence=0.9')).toEqual(['disk 1 full', 'disk 2 full']);
    expect(await messages('since=2026-01-02T03:30:00Z')).toEqual(['disk 2 full']);
    expect(await messages('source=%27%20OR%201=1--')).toEqual([]);
  });

  it('defuses cells that a spreadsheet would run, if asked', async () => {
    const { finish, get } = await buildWithJobs();
    const url = await finish('source,log_message\n=1+1,@SUM(A1)\n');
    expect((await get(`${url}/result`)).body).toContain('\n=1+1,@SUM(A1),');
    expect((await get(`${url}/result?excel_safe=true`)).body).toContain("\n'=1+1,'@SUM(A1),");
  });

  it('is a Parquet file with the rows, if asked', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = await finish(TIMED);
    const file = join(await temporaryFolder(), 'rows.parquet');
    const answer = await get(`${url}/result?format=parquet&label=Error`);
    expect(answer.headers['content-type']).toBe('application/vnd.apache.parquet');
    expect(answer.rawPayload.subarray(0, 4).toString()).toBe('PAR1');
    await writeFile(file, answer.rawPayload);
    const duck = await (await DuckDBInstance.create()).connect();
    const read = await duck.runAndReadAll(`SELECT row, log_message, target_label, tier FROM '${file}'`);
    expect(read.getRowsJson()).toEqual([
      [1, 'disk 1 full', 'Error', 'embedding'],
      [2, 'disk 2 full', 'Error', 'embedding'],
    ]);
  });

  it('has ranges and an ETag', async () => {
    const { finish, get } = await buildWithJobs();
    const url = `${await finish(CSV)}/result`;
    const { body, headers } = await get(url);
    const { etag = '' } = headers;
    expect(headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(body.length) });
    const part = await get(url, { range: 'bytes=7-17' });
    expect([part.statusCode, part.body]).toEqual([206, 'log_message']);
    expect((await get(url, { 'if-none-match': etag })).statusCode).toBe(304);
    expect((await get(url, { range: 'bytes=99999-' })).statusCode).toBe(416);
    expect((await get(`${url}?details=true`, { 'if-none-match': etag })).statusCode).toBe(200);
  });

  it('is written once for clients that ask for it at the same time, and stays after many others', async () => {
    const { finish, get } = await buildWithJobs();
    const url = `${await finish(CSV)}/result`;
    const same = await Promise.all([get(url), get(url), get(url)]);
    expect(new Set(same.map(({ body }) => body)).size).toBe(1);
    const { body } = await get(url);
    for (let count = 1; count <= 12; count += 1) {
      const other = await get(`${url}?min_confidence=0.${String(count).padStart(2, '0')}`);
      expect(other.body).toBe(body);
    }
  });
});

describe('The results of a job', () => {
  it('have a summary, also by time and by the labels of the input', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = await finish(TIMED);
    const summary = (await get(`${url}/summary`)).json<{ confidence: number[] }>();
    expect(summary).toMatchObject({
      ...{ rows: 3, templates: 2, sources: 2, rejected: 0, threshold: 0.5, notes: [] },
      labels: [
        { label: 'Error', tier: 'embedding', rows: 2 },
        { label: 'User Action', tier: 'rule', rows: 1 },
      ],
      source_labels: [
        { source: 'A', label: 'Error', rows: 1 },
        { source: 'A', label: 'User Action', rows: 1 },
        { source: 'B', label: 'Error', rows: 1 },
      ],
      warnings: [{ code: 'target-label-overwritten' }],
      times: { first: '2026-01-02T03:04:05.000Z', last: '2026-01-02T04:04:05.000Z', rows_with_time: 2 },
      own_labels: {
        rows: 3,
        agreeing: 1,
        pairs: expect.arrayContaining([{ own_label: 'Other', label: 'Error', rows: 1 }]) as unknown,
      },
    });
    expect(summary.confidence.reduce((sum, rows) => sum + rows, 0)).toBe(2);
  });

  it('have templates with their rows, in three orders and in pages', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = `${await finish('source,log_message\nA,hello\nA,unsure 1\nB,unsure 2\nA,disk 7 full\n')}/templates`;
    const page = (await get(url)).json<{ templates: Record<string, unknown>[] }>();
    expect(page).toMatchObject({ count: 3, rows: 4, next_cursor: null });
    expect(page.templates[0]).toEqual({
      ...{
        id: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
        template: 'unsure <num>',
        example: 'unsure 1',
      },
      ...{
        target_label: 'Unclassified',
        tier: 'embedding',
        confidence: 0.2,
        rule: null,
        note: 'low-confidence',
      },
      ...{ rows: 2, first_line: 3, last_line: 4, source: expect.any(String) as string, sources: 2 },
    });
    const examples = async (query: string) =>
      (await get(`${url}?${query}`)).json<typeof page>().templates.map(({ example }) => example);
    expect(await examples('sort=first')).toEqual(['hello', 'unsure 1', 'disk 7 full']);
    expect(await examples('sort=confidence')).toEqual(['unsure 1', 'disk 7 full', 'hello']);
    expect(await examples('q=DISK')).toEqual(['disk 7 full']);
    expect(await examples('source=B')).toEqual(['unsure 1']);
    expect(await examples('note=low-confidence&tier=rule')).toEqual([]);
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: { templates: { example: string }[]; next_cursor: string | null } = (
        await get(`${url}?limit=1&sort=first${cursor === '' ? '' : `&cursor=${cursor}`}`)
      ).json();
      seen.push(...next.templates.map(({ example }) => example));
      cursor = next.next_cursor;
    }
    expect(seen).toEqual(['hello', 'unsure 1', 'disk 7 full']);
  });

  it('have rows in pages, of a template too', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = await finish(TIMED);
    const first = (await get(`${url}/rows?limit=2`)).json<{
      rows: { template: string }[];
      next_cursor: string;
    }>();
    expect(first.rows[0]).toEqual({
      ...{
        row: 1,
        line: 2,
        source: 'A',
        log_message: 'disk 1 full',
        message_cut: false,
        target_label: 'Error',
      },
      ...{ tier: 'embedding', confidence: 0.55, rule: null, note: null, time: '2026-01-02T03:04:05.000Z' },
      ...{ own_label: 'Error', template: expect.any(String) as string },
    });
    expect((await get(`${url}/rows?limit=2&cursor=${first.next_cursor}`)).json()).toMatchObject({
      rows: [{ row: 3, log_message: 'hello', rule: 'hello', time: null }],
      next_cursor: null,
    });
    const ofTemplate = await get(`${url}/rows?template=${first.rows[0]?.template}`);
    expect(ofTemplate.json<{ rows: { row: number }[] }>().rows.map((found) => found.row)).toEqual([1, 2]);
    expect((await get(`${url}/rows?q=FULL&source=B`)).json()).toMatchObject({ rows: [{ row: 2 }] });
  });

  it('have the records that could not be read, as they stood', async () => {
    const { finish, get } = await buildWithJobs();
    const url = await finish('source,log_message\nA,one\n"B\nC,x,y,z\n', { url: '/jobs?on_error=skip' });
    const list = (await get(`${url}/rejected?format=json`)).json<{
      rejected: { line: number; text: string }[];
    }>();
    expect(list.rejected.length).toBeGreaterThan(0);
    const [rejected] = list.rejected;
    expect(rejected).toMatchObject({ line: 3, text_cut: false });
    const csv = await get(`${url}/rejected`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.body).toMatch(/^line,reason,text\r\n3,/);
  });

  it('are empty when no record could be read', async () => {
    const { finish, get } = await buildWithJobs();
    const url = await finish('source,log_message\nx\ny\n', { url: '/jobs?on_error=skip' });
    expect((await get(`${url}/result`)).body).toBe('source,log_message,target_label\n');
    expect((await get(`${url}/summary`)).json()).toMatchObject({ rows: 0, rejected: 2, templates: 0 });
    expect((await get(`${url}/rows`)).json()).toEqual({ rows: [], next_cursor: null });
    expect((await get(`${url}/rejected?limit=1&format=json`)).json()).toMatchObject({
      rejected: [{ line: 2, text: 'x' }],
      next_cursor: expect.any(String) as string,
    });
  });

  it('keep a huge message whole in the result, and cut in pages', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const huge = 'y'.repeat(900_000);
    const url = await finish(`source,log_message\nA,${huge}\nA,${'z'.repeat(4096)}\n`);
    expect((await get(`${url}/result`)).body).toContain(`A,${huge},User Action\n`);
    const { rows } = (await get(`${url}/rows`)).json<{
      rows: { log_message: string; message_cut: boolean }[];
    }>();
    expect(rows.map(({ log_message, message_cut }) => [log_message.length, message_cut])).toEqual([
      [4096, true],
      [4096, false],
    ]);
  });

  it('refuse what they do not know, and say what is allowed', async () => {
    const { classifier, finish, get } = await buildWithJobs();
    classifier.label = label;
    const url = await finish(CSV);
    for (const [path = '', code, text] of [
      ['rows?cursor=abc', 'request_invalid', 'cursor'],
      ['rows?cursor=0.000000000000', 'request_invalid', 'cursor'],
      ['templates?sort=size', 'request_invalid', 'must be one of rows, confidence, first'],
      ['templates?own_label=x', 'parameter_unknown', 'own_label'],
      ['rows?label=Eror', 'request_invalid', 'Did you mean Error?'],
      ['rows?tier=magic', 'request_invalid', 'must be one of corrected, llm, rule'],
      ['rows?limit=0', 'request_invalid', 'from 1 to 500'],
      ['rows?limit=501', 'request_invalid', 'from 1 to 500'],
      ['rows?limit=ten', 'request_invalid', 'from 1 to 500'],
      ['rows?min_confidence=2', 'request_invalid', 'from 0 to 1'],
      ['rows?since=yesterday', 'request_invalid', 'must be a time'],
      ['rows?q=', 'request_invalid', 'must not be empty'],
      ['result?format=xml', 'request_invalid', 'must be csv, ndjson, json or parquet'],
      ['result?excel_safe=yes', 'request_invalid', 'must be true or false'],
      ['summary?x=1', 'parameter_unknown', 'There are none'],
      ['rejected?format=xlsx', 'request_invalid', 'must be csv or json'],
    ]) {
      const response = await get(`${url}/${path}`);
      expect([path, response.statusCode, response.json()]).toMatchObject([path, 400, { code }]);
      expect(response.json<{ detail: string }>().detail).toContain(text);
    }
  });

  it('refuse the cursor of another list', async () => {
    const { finish, get } = await buildWithJobs();
    const url = await finish(CSV);
    const { next_cursor } = (await get(`${url}/rows?limit=1`)).json<{ next_cursor: string }>();
    expect((await get(`${url}/rows?limit=2&cursor=${next_cursor}`)).statusCode).toBe(200);
    expect((await get(`${url}/rows?source=A&cursor=${next_cursor}`)).statusCode).toBe(400);
    expect((await get(`${url}/templates?cursor=${next_cursor}`)).statusCode).toBe(400);
  });
});
