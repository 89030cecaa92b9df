import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { packWorkbook } from '../../formats/xlsx/support.js';
import { runCommandLine, temporaryFolder } from '../../support/command.js';
import { projectFile } from '../../support/dist.js';
import { startServer } from '../../support/server.js';

const TABLE =
  'source,log_message\nModernCRM,"User User1 logged in."\nBilling,Disk array 2 is offline, see log\n';
const cell = (ref: string, text: string): string => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`;
const ROWS = `<row r="1">${cell('A1', 'source')}${cell('B1', 'log_message')}</row><row r="2">${cell('A2', 'CRM')}${cell('B2', 'User User1 logged in.')}</row>`;

/** A file of each format, by its name. */
const FILES: Record<string, string | Uint8Array> = {
  'table.csv': await readFile(projectFile('resources/sample_logs.csv')),
  'semicolon.csv': 'source;log_message\r\nModernCRM;User User1 logged in.\r\nBilling;Backup, complete\r\n',
  'western.csv': Buffer.from(
    'source,log_message\nB\u00fcro,T\u00fcr ge\u00f6ffnet von M\u00fcller, Stra\u00dfe 5\nB\u00fcro,\u00c4rger\n'.replace(
      'M\u00fcller,',
      'M\u00fcller',
    ),
    'latin1',
  ),
  'app.log':
    '2026-11-26 05:00:00 ERROR disk full\njava.io.IOException: x\n\tat a.B.c(D.java:1)\n\n2026-11-26 05:00:01 INFO started\n',
  'events.ndjson':
    '{"service":"web","msg":"User User1 logged in."}\n{"service":"web","msg":"Disk array 2 is offline"}\n',
  'list.json':
    '[{"source":"a","log_message":"Heap usage at 92% of 8192 MB"},\n {"source":"b","log_message":""}]',
  'logs.json': '{"logs":[{"source":"a","log_message":"User User1 logged in."}]}',
  'book.xlsx': await packWorkbook({ rows: ROWS }),
  'packed.csv.gz': gzipSync('source,log_message\nModernCRM,User User1 logged in.\n'),
};

it.each([
  ['own', [], ''],
  ['NDJSON with details', ['--format', 'ndjson', '--details'], '?details=true'],
])('answers each format like POST /classify, in %s format', async (_, options, query) => {
  const folder = await temporaryFolder();
  const out = join(folder, 'out');
  await mkdir(out);
  const names = Object.keys(FILES);
  for (const name of names) await writeFile(join(folder, name), FILES[name] ?? '');
  const server = await startServer();
  const paths = names.map((name) => join(folder, name));
  const { code, err } = await runCommandLine(['classify', ...paths, '-o', out, ...options]);
  expect([code, err]).toEqual([0, expect.stringContaining('Warning (empty-messages: 1)') as string]);

  for (const name of names) {
    const form = new FormData();
    form.append('file', new Blob([FILES[name] ?? ''], { type: 'application/octet-stream' }), name);
    const headers: Record<string, string> = options.length > 0 ? { accept: 'application/x-ndjson' } : {};
    const response = await fetch(`${server.url}/classify${query}`, { method: 'POST', body: form, headers });
    const [, answerName = ''] =
      /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
    const answer = Buffer.from(await response.arrayBuffer());
    expect(response.status, name).toBe(200);
    expect((await readFile(join(out, answerName))).equals(answer), name).toBe(true);
  }
});

it('answers standard input like a body of text/plain, and a bad input with the sentence of HTTP', async () => {
  const server = await startServer();
  for (const body of [FILES['table.csv'], FILES['app.log'], FILES['events.ndjson'], TABLE]) {
    const response = await fetch(`${server.url}/classify`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from(body ?? ''),
    });
    const { code, out, err } = await runCommandLine(['classify'], { input: body ?? '' });
    if (response.status === 200) expect([code, out]).toEqual([0, await response.text()]);
    else {
      const { detail } = (await response.json()) as { detail: string };
      expect([code, err]).toEqual([1, `${detail}\n`]);
    }
  }
});
