import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program, projectFile } from './support/dist.js';
import { makeFifo } from './support/fifo.js';
import { STAND_IN_KEY, startGroqStandIn } from './support/groq-stand-in.js';
import { startServer } from './support/server.js';

const RETIRED =
  "The 'ReportGenerator' module will be retired in version 4.0. Please migrate to the 'AdvancedAnalyticsSuite' by Dec 2025";
const THREE = Papa.unparse([
  ['source', 'log_message'],
  ['ModernCRM', 'User User123 logged in.'],
  ['BillingSystem', 'Backup completed successfully.'],
  ['LegacyCRM', RETIRED],
]);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'server-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function classify(
  url: string,
  csv: string,
  query = '',
): Promise<{ headers: Headers; rows: string[][] }> {
  const body = new FormData();
  body.append('file', new Blob([csv]), 'logs.csv');
  const response = await fetch(`${url}/classify/${query}`, { method: 'POST', body });
  expect(response.status).toBe(200);
  return { headers: response.headers, rows: Papa.parse<string[]>((await response.text()).trimEnd()).data };
}

const OVEN = 'source,log_message\nBakery,Oven door opened in the new kitchen\n';

/** Trains a head with labels of its own, by the command line. */
async function trainBakery(out: string): Promise<void> {
  const data = join(dir, 'mine.csv');
  const events = ['Oven door opened', 'Oven too hot', 'Bread is ready', 'Dough has risen'];
  const places = ['north', 'south', 'east', 'west', 'upper', 'lower'];
  const rows = places.flatMap((place) =>
    events.map((event, i) => ['Bakery', `${event} in the ${place} kitchen`, i < 2 ? 'Oven' : 'Baking']),
  );
  await writeFile(data, Papa.unparse([['source', 'log_message', 'target_label'], ...rows]));
  const args = [program('cli/main.js'), 'train', '--data', data, '--out', out];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).not.toContain('Error');
  expect(status).toBe(0);
}

describe('The server', () => {
  it('labels lines of all three tiers without a key, and notes that the LLM was not asked', async () => {
    const { url } = await startServer();
    const { rows, headers } = await classify(url, THREE, '?details=true');
    expect(rows.map((row) => row[2])).toEqual([
      'target_label',
      'User Action',
      'System Notification',
      'Deprecation Warning',
    ]);
    expect(rows[3]?.at(-1)).toBe('llm-unavailable');
    expect(headers.get('x-classified-warnings')).toBe('llm-unavailable=1');
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as { version: string };
    expect(headers.get('x-classifier-version')).toBe(ready.version);
    expect(ready.version).toMatch(/^[0-9a-f]{16}$/);
  });

  it('sends the lines of LLM_SOURCES to the LLM', async () => {
    const groq = await startGroqStandIn({ label: () => 'Deprecation Warning' });
    const { url, log } = await startServer({ GROQ_API_KEY: STAND_IN_KEY, GROQ_BASE_URL: groq.url });
    const { rows, headers } = await classify(url, THREE, '?details=true');
    expect(rows[3]?.slice(2)).toEqual(['Deprecation Warning', 'llm', '', '', '']);
    expect(headers.has('x-classified-warnings')).toBe(false);
    expect(groq.requests).toHaveLength(1);
    expect(JSON.stringify(log)).not.toContain(STAND_IN_KEY);
    expect(JSON.stringify(log)).not.toContain('ReportGenerator');
    await groq.close();
  });

  it('gives a row the same label and confidence whatever the cache, the threads and the other rows', async () => {
    const lines = Papa.parse<string[]>(await readFile(projectFile('resources/training_logs.csv'), 'utf8'));
    const some = lines.data.slice(1).filter((_, i) => i % 97 === 0);
    const label = async (url: string, rows: readonly string[][]) => {
      const csv = Papa.unparse([['source', 'log_message'], ...rows.map((row) => row.slice(0, 2))]);
      const labelled = await classify(url, csv, '?details=true');
      return labelled.rows
        .slice(1)
        .map((row) => row.join('|'))
        .sort();
    };
    const { url } = await startServer();
    const alone = await startServer({ CACHE_MAX_BYTES: '1', ENCODER_THREADS: '1' });
    const expected = await label(alone.url, some);
    expect(expected).toHaveLength(some.length);
    const orders = [some, some.toReversed(), some.toSorted(), some.slice(50).concat(some.slice(0, 50))];
    const found = await Promise.all(orders.map((rows) => label(url, rows)));
    for (const rows of [...found, await label(url, some)]) expect(rows).toEqual(expected);
  });

  it('keeps predictions in CACHE_DIR between starts, without readable log text, and gives the same answer', async () => {
    const env = { CACHE_DIR: join(dir, 'cache') };
    const sample = await readFile(projectFile('resources/sample_logs.csv'), 'utf8');
    const started = async () => {
      const server = await startServer(env);
      const { templates } = await server.logged((line) => line.msg === 'predictions are stored');
      const { rows } = await classify(server.url, sample, '?details=true');
      server.process.kill('SIGTERM');
      await once(server.process, 'exit');
      return { templates, rows };
    };
    const [first, second] = [await started(), await started()];
    const embedded = first.rows.filter((row) => row[3] === 'embedding').length;
    expect(embedded).toBeGreaterThan(5);
    expect([first.templates, second.templates]).toEqual([0, embedded]);
    expect(second.rows).toEqual(first.rows);
    for (const file of await readdir(env.CACHE_DIR)) {
      expect(await readFile(join(env.CACHE_DIR, file), 'latin1')).not.toMatch(/barbecue/);
    }
  });

  it('returns every cell of the sample unchanged', async () => {
    const { url } = await startServer();
    const sample = await readFile(projectFile('resources/sample_logs.csv'), 'utf8');
    const { rows } = await classify(url, sample);
    expect(rows.map((row) => row.slice(0, 2))).toEqual(Papa.parse<string[]>(sample.trimEnd()).data);
    expect(rows.every((row) => row.length === 3 && row[2] !== '')).toBe(true);
  });

  it('returns the answers of README and the labels of the upload page', async () => {
    const { url } = await startServer();
    const readme = await readFile(projectFile('README.md'), 'utf8');
    const sample = await readFile(projectFile('resources/sample_logs.csv'));
    const request = { method: 'POST', headers: { 'content-type': 'text/csv' } };
    const answer = await (await fetch(`${url}/classify/`, { ...request, body: sample })).text();
    expect(readme).toContain(answer);
    const headers = { ...request.headers, 'x-request-id': 'nightly-upload-17' };
    const problem = await fetch(`${url}/classify`, {
      ...request,
      headers,
      body: 'source,log_message\nA,one\nB\n',
    });
    expect(readme).toContain(JSON.stringify(await problem.json(), undefined, 2));
    const page = await readFile(projectFile('public/index.html'), 'utf8');
    const shown = [...page.matchAll(/<td[^>]*>(.*)<\/td>/g)].map(([, cell = '']) => cell);
    const { rows } = await classify(
      url,
      Papa.unparse([['source', 'log_message'], shown.slice(0, 2), shown.slice(3, 5), shown.slice(6, 8)]),
    );
    expect(rows.slice(1).flat()).toEqual(shown);
  });

  it('reloads an edited rules file, and keeps the last valid rules if the file is broken', async () => {
    const rulesFile = join(dir, 'rules.json');
    await copyFile(projectFile('resources/rules.json'), rulesFile);
    const { url, logged, log } = await startServer({ RULES_FILE: rulesFile });
    const mine = { id: 'mine', pattern: '^zork', label: 'Workflow Error', examples: ['zork'] };
    await writeFile(rulesFile, JSON.stringify({ rules: [mine] }));
    const seen = log.length;
    await logged((line) => log.indexOf(line) >= seen && line.level === 30 && 'file' in line);
    expect((await classify(url, 'source,log_message\nA,zork 7\n')).rows[1]?.[2]).toBe('Workflow Error');
    await writeFile(rulesFile, JSON.stringify({ rules: [{ ...mine, pattern: '(' }] }));
    await logged((line) => line.level === 50);
    expect((await classify(url, 'source,log_message\nA,zork 7\n')).rows[1]?.[2]).toBe('Workflow Error');
  });

  it('works with a head of other labels, without the built-in rules', async () => {
    const head = join(dir, 'mine.json');
    await trainBakery(head);
    const { url, log } = await startServer({ HEAD_FILE: head });
    expect((await classify(url, OVEN)).rows[1]?.[2]).toBe('Oven');
    expect(log.find(({ msg }) => String(msg).includes('built-in rules are off'))).toMatchObject({
      level: 40,
    });
  });

  it('replaces head and labels without a restart, and refuses a broken head', async () => {
    const head = join(dir, 'changing.json');
    await copyFile(projectFile('models/classifier.json'), head);
    const { url, logged } = await startServer({ HEAD_FILE: head });
    const labels = async (): Promise<string> => (await fetch(`${url}/labels`)).text();
    expect(await labels()).not.toContain('Oven');
    await trainBakery(head);
    await logged((line) => line.msg === 'head reloaded');
    expect((await classify(url, OVEN)).rows[1]?.[2]).toBe('Oven');
    expect(await labels()).toContain('Oven');

    await copyFile(head, join(dir, 'good.json'));
    await writeFile(head, '{');
    expect(await logged((line) => line.level === 50)).toMatchObject({
      msg: 'head not replaced, the last good one stays in use',
      problem: expect.stringContaining('is not JSON') as string,
    });
    expect((await classify(url, OVEN)).rows[1]?.[2]).toBe('Oven');
    await copyFile(join(dir, 'good.json'), head);
    await logged((line) => line.msg === 'head file contains the head in use again');
  });

  it('lets a running upload finish after SIGTERM, then exits', async () => {
    const server = await startServer();
    const upload = request({
      port: server.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/classify',
      headers: { 'content-type': 'text/csv' },
    });
    upload.write('source,log_message\n');
    await server.logged((line) => line.msg === 'incoming request');
    server.process.kill('SIGTERM');
    await server.logged((line) => String(line.msg).startsWith('shutting down'));
    upload.end('A,User User1 logged in.\n');
    const [response] = (await once(upload, 'response')) as [IncomingMessage];
    expect(await text(response)).toContain('A,User User1 logged in.,User Action');
    const [code] = (await once(server.process, 'exit')) as [number];
    expect(code).toBe(0);
  });

  it('exits when `npm start` gets SIGTERM', async () => {
    const npm = spawn('npm', ['start'], {
      cwd: projectFile(''),
      env: { ...process.env, PORT: '0', GROQ_API_KEY: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    while (!output.includes('listening at')) await once(npm.stdout, 'data');
    npm.kill('SIGTERM');
    await once(npm.stdout, 'close');
    expect(output).toContain('shutting down: current requests may finish');
    const { pid } = JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '') as {
      pid: number;
    };
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it.each([
    ['an invalid setting', { PORT: 'eighty' }, /PORT: .*"eighty"/],
    ['a missing head', { HEAD_FILE: '/none.json' }, /\/none\.json/],
    ['rules that are not JSON', { RULES_FILE: projectFile('README.md') }, /README\.md/],
    ['a missing SPOOL_DIR', { SPOOL_DIR: '/none' }, /SPOOL_DIR: \/none/],
    ['a CACHE_DIR that cannot be created', { CACHE_DIR: '/dev/null/x' }, /CACHE_DIR: \/dev\/null\/x/],
    ['a CACHE_DIR under /proc', { CACHE_DIR: '/proc/x' }, /CACHE_DIR: \/proc\/x/],
    ['a device as SPOOL_DIR', { SPOOL_DIR: '/dev/null' }, /SPOOL_DIR: \/dev\/null/],
    ['a SPOOL_DIR that is not writable', { SPOOL_DIR: '/proc' }, /SPOOL_DIR: \/proc/],
    ['an address of another machine', { HOST: '192.0.2.1' }, /EADDRNOTAVAIL/],
    ['a missing encoder', { ENCODER_DIR: '/none' }, /ENCODER_DIR/],
  ])('does not start with %s, and prints a sentence without a stack', (_, env, message) => {
    const { status, stderr } = spawnSync(process.execPath, [program('server.js')], {
      env: { ...process.env, PORT: '0', ...env },
      encoding: 'utf8',
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(status).toBe(1);
  });

  it.each(['HEAD_FILE', 'LABELS_FILE', 'RULES_FILE'])(
    'refuses to start with a pipe as %s instead of hanging',
    (variable) => {
      const pipe = join(dir, variable);
      makeFifo(pipe);
      const { status, stderr } = spawnSync(process.execPath, [program('server.js')], {
        env: { ...process.env, PORT: '0', [variable]: pipe },
        encoding: 'utf8',
        timeout: 30_000,
        killSignal: 'SIGKILL',
      });
      expect(stderr).toContain(`${pipe}: cannot be read`);
      expect(stderr).toContain('it is a pipe, not a regular file');
      expect(status).toBe(1);
    },
  );

  it('does not start if the limit on open files is too low, and prints the required one', () => {
    const command = `ulimit -n 64 && exec ${process.execPath} ${program('server.js')}`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8' });
    expect(stderr).toMatch(/^The server could not start. The limit on open files is 64, .* 256.*\n$/);
    expect(status).toBe(1);
  });

  it('exits on SIGTERM even if its head was replaced by a pipe', async () => {
    const head = join(dir, 'piped.json');
    await copyFile(projectFile('models/classifier.json'), head);
    const server = await startServer({ HEAD_FILE: head });
    makeFifo(`${head}.pipe`);
    await rename(`${head}.pipe`, head);
    const { problem } = await server.logged(({ level }) => level === 50);
    expect(problem).toContain('it is a pipe');
    server.process.kill('SIGTERM');
    expect(await once(server.process, 'exit')).toEqual([0, null]);
  });

  it('is not ready while SPOOL_DIR is not writable', async () => {
    const spool = join(dir, 'spool');
    await mkdir(spool);
    const { url } = await startServer({ SPOOL_DIR: spool });
    const ready = () => fetch(`${url}/health/ready`);
    expect((await ready()).status).toBe(200);
    await rm(spool, { recursive: true });
    const refused = await ready();
    expect(refused.status).toBe(503);
    const { code, detail } = (await refused.json()) as { code: string; detail: string };
    expect([code, detail]).toEqual(['not_ready', 'SPOOL_DIR is not writable: the system reports ENOENT.']);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    await mkdir(spool);
    expect((await ready()).status).toBe(200);
  });
});
