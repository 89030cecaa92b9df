import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  correctionsFileIn,
  readCorrections,
  writeCorrections,
} from '../src/classifier/corrections/corrections-file.js';
import { correctionOf } from './support/corrections.js';
import { program } from './support/dist.js';
import { startServer, type ServerProcess } from './support/server.js';

/** A folder for DATA_DIR that does not exist yet. */
async function newDataDir(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'corrections-server-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  return join(parent, 'data');
}

/** A DATA_DIR with corrections of the lines that `labelled` sends. */
async function correctedDataDir(): Promise<string> {
  const dir = await newDataDir();
  const corrections = ['User User11 logged in.', 'Case 15 was closed'].map((message) =>
    correctionOf({ message, label: 'Security Alert' }),
  );
  await writeCorrections(correctionsFileIn(dir), corrections);
  return dir;
}

function post(url: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** The label and tier of a line that a rule matches and of one of the LLM's source, and the version of the corrections. */
async function labelled({ url }: ServerProcess): Promise<[string[], string | null]> {
  const logs = [
    { source: 'ModernCRM', log_message: 'User User77 logged in.' },
    { source: 'LegacyCRM', log_message: 'Case 12 was closed' },
  ];
  const response = await post(`${url}/classify`, { logs });
  const { results } = (await response.json()) as { results: { target_label: string; tier: string }[] };
  const labels = results.map(({ target_label, tier }) => `${target_label} ${tier}`);
  return [labels, response.headers.get('x-corrections-version')];
}

it('with JOBS=off, corrections create DATA_DIR and act at once', async () => {
  const DATA_DIR = await newDataDir();
  const server = await startServer({ DATA_DIR, JOBS: 'off' });
  expect((await labelled(server))[1]).toBeNull();
  const given = { log_message: 'User User11 logged in.', label: 'Security Alert' };
  expect((await post(`${server.url}/corrections`, given)).status).toBe(201);
  expect((await labelled(server))[0][0]).toBe('Security Alert corrected');
  expect(await readCorrections(correctionsFileIn(DATA_DIR))).toMatchObject([{ label: 'Security Alert' }]);
});

it('corrections of an earlier process act, also for lines of the LLM and in jobs', async () => {
  const DATA_DIR = await correctedDataDir();
  const server = await startServer({ DATA_DIR });
  const [labels, revision] = await labelled(server);
  expect(labels).toEqual(['Security Alert corrected', 'Security Alert corrected']);
  const headers = { 'content-type': 'text/plain' };
  const created = await fetch(`${server.url}/jobs`, {
    method: 'POST',
    headers,
    body: 'User User99 logged in.\n',
  });
  const job = `${server.url}/jobs/${((await created.json()) as { id: string }).id}`;
  // The stream of events ends with the job.
  await (await fetch(`${job}/events`)).text();
  expect(await (await fetch(job)).json()).toMatchObject({
    tiers: { corrected: 1 },
    corrections_version: revision,
  });
  const result = await fetch(`${job}/result?tier=corrected`);
  expect(result.headers.get('x-corrections-version')).toBe(revision);
  expect(await result.text()).toContain('User User99 logged in.,Security Alert');
});

it('with CORRECTIONS=off, those of an earlier process do not act, and the log says so', async () => {
  const server = await startServer({ DATA_DIR: await correctedDataDir(), JOBS: 'off', CORRECTIONS: 'off' });
  const [labels, revision] = await labelled(server);
  expect([labels[0], revision]).toEqual(['User Action rule', null]);
  expect((await fetch(`${server.url}/corrections`)).status).toBe(403);
  expect(server.log.map(({ msg }) => msg)).toContain(
    'corrections are off and do not act; set CORRECTIONS=on to use them',
  );
});

it('a broken file refuses the start with a sentence that says how to fix it', async () => {
  const DATA_DIR = await newDataDir();
  await mkdir(DATA_DIR);
  await writeFile(join(DATA_DIR, 'corrections.json'), '{"corrections":');
  const env = { ...process.env, PORT: '0', DATA_DIR };
  const { status, stderr } = spawnSync(process.execPath, [program('server.js')], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /corrections\.json: is not JSON .*\. Correct the file or restore it from a backup, or move it away to start without corrections\.\n$/,
  );
});
