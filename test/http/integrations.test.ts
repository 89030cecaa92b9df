import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { projectFile } from '../support/dist.js';
import { startServer } from '../support/server.js';

const BACKUP = 'Backup completed successfully.';
const LOGIN = 'User User17 logged in.';
const LABELS = ['System Notification', 'User Action'];

const lines = (...records: string[]): string => records.map((record) => `${record}\n`).join('');
const vector = (message: string, seconds: number): string =>
  `{"file":"/var/log/app.log","host":"web1","message":"${message}","source_type":"file","timestamp":"2026-11-26T05:00:0${seconds}.123456789Z"}`;
const fluentBit = (message: string, seconds: number): string =>
  `{"date":1795669${seconds}.123456,"log":"${message}","kubernetes":{"pod_name":"crm-1"}}`;
const logstash = (message: string): string =>
  `{"@timestamp":"2026-11-26T05:00:01.000Z","@version":"1","event":{"original":"${message}"},"host":{"name":"web1"},"message":"${message}"}`;
const syslogNg = (message: string, program: string): string =>
  `{"timestamp":"2026-11-26T05:00:01+00:00","program":"${program}","priority":"info","message":"${message}","host":"vm"}`;

const V = [vector(BACKUP, 1), vector(LOGIN, 2)] as const;
const F = [fluentBit(BACKUP, 201), fluentBit(LOGIN, 202)] as const;
const L = [logstash(BACKUP), logstash(LOGIN)] as const;
const S = [syslogNg(BACKUP, 'backup'), syslogNg(LOGIN, 'crm')] as const;

/** The bodies that shippers send: the tool, the media type, the body and its records. Only syslog-ng's was captured. */
const batches: [string, string, string, readonly string[]][] = [
  ['Vector’s list', 'application/json', `[${V.join(',')}]`, V],
  ['Vector’s lines, the last one without a line break', 'application/x-ndjson', V.join('\n'), V],
  ['Fluent Bit’s json', 'application/json', `[${F.join(',')}]`, F],
  ['Fluent Bit’s json_lines', 'application/x-ndjson', lines(...F), F],
  ['Fluent Bit’s json_stream', 'application/json', F.join(''), F],
  ['Logstash’s json_batch', 'application/json', `[${L.join(',')}]`, L],
  ['syslog-ng’s lines', 'application/x-ndjson', S.join('\n'), S],
];

/** What a record must come back as. */
const labelled = (records: readonly string[]): unknown[] =>
  records.map((record, i) => ({ ...(JSON.parse(record) as object), target_label: LABELS[i] }));

it('a batch of each shipper comes back with labels and its own fields, with and without gzip', async () => {
  const { url } = await startServer();
  for (const [tool, type, text, records] of batches) {
    for (const encoding of ['identity', 'gzip']) {
      const response = await fetch(`${url}/classify?on_error=skip`, {
        method: 'POST',
        headers: { 'content-type': type, 'content-encoding': encoding },
        body: encoding === 'gzip' ? gzipSync(text) : text,
      });
      const answer = await response.text();
      expect(response.status, tool).toBe(200);
      expect(parseAnswer(answer), tool).toEqual(labelled(records));
      // Numbers and timestamps keep their digits.
      for (const record of records) expect(answer, tool).toContain(record.slice(0, -1));
    }
  }
});

it('an event of Logstash’s filter gets its label in results', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/classify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: LOGIN, source: 'web1' }),
  });
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(await response.json()).toMatchObject({ results: [{ target_label: 'User Action' }] });
});

it.each([
  ['quoted', 'name="file"; filename="app.log"'],
  ['unquoted', 'name=file; filename=app.log'],
])('a form of PowerShell with %s names comes back as CSV', async (_, names) => {
  const { url } = await startServer();
  const boundary = '4a3c6f0e-7c2b-4f8e-9f1e-0b1a2c3d4e5f';
  const head = `Content-Disposition: form-data; ${names}\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const response = await fetch(`${url}/classify`, {
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    body: `--${boundary}\r\n${head}${BACKUP}\n${LOGIN}\n\r\n--${boundary}--\r\n`,
  });
  expect([response.status, await response.text()]).toEqual([
    200,
    `source,log_message,target_label\napp,${BACKUP},${LABELS[0]}\napp,${LOGIN},${LABELS[1]}\n`,
  ]);
});

it('HEAD answers 200, so Vector finds the server healthy', async () => {
  const { url } = await startServer();
  expect((await fetch(`${url}/classify`, { method: 'HEAD' })).status).toBe(200);
});

it('the relay of the page appends the labelled records of each shipper to its file', async () => {
  const { url } = await startServer();
  const relay = await startRelay(url);
  for (const [tool, type, text] of batches) {
    expect((await send(relay.url, type, gzipSync(text), 'gzip')).status, tool).toBe(200);
  }
  expect(parseAnswer(await readFile(relay.file, 'utf8'))).toEqual(
    batches.flatMap(([, , , records]) => labelled(records)),
  );
});

it('the relay passes on what can never work as 4xx, and a missing server as 503 with Retry-After', async () => {
  const { url, process } = await startServer();
  const relay = await startRelay(url);
  expect((await fetch(relay.url, { method: 'HEAD' })).status).toBe(200);
  expect((await send(relay.url, 'application/x-ndjson', '{"cpu":3}\n')).status).toBe(400);
  expect((await send(relay.url, 'application/msgpack', 'x')).status).toBe(415);
  process.kill('SIGKILL');
  await once(process, 'exit');
  const refused = await send(relay.url, 'application/x-ndjson', lines(...S));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  await expect(readFile(relay.file)).rejects.toThrow('ENOENT');
});

/** Parses a list, or one object per line. */
function parseAnswer(answer: string): unknown[] {
  if (answer.startsWith('[')) return JSON.parse(answer) as unknown[];
  return answer
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function send(
  url: string,
  type: string,
  body: string | Uint8Array,
  encoding = 'identity',
): Promise<Response> {
  const headers = { 'content-type': type, 'content-encoding': encoding };
  return fetch(url, { method: 'POST', headers, body });
}

/** Starts the relay as it stands in docs/integrations.md. Ends it with the test. */
async function startRelay(classifier: string): Promise<{ url: string; file: string }> {
  const page = await readFile(projectFile('docs/integrations.md'), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const script = join(folder, 'label-relay.mjs');
  const file = join(folder, 'labelled.ndjson');
  await writeFile(script, /```js\n([^]*?)```/.exec(page)?.[1] ?? '');
  const relay = spawn(process.execPath, [script, classifier, file, '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void relay.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: relay.stdout }), 'line')) as [string];
  return { url: `http://127.0.0.1:${line.replace('port ', '')}/classify`, file };
}
