import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFile } from '../support/dist.js';
import { startServer } from '../support/server.js';

const MINUTES = 60_000;
const COPIED = ['.npmrc', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].concat(
  ['models', 'public', 'resources', 'scripts', 'src', 'stubs'],
);
/** What a user types after the first `npm ci`; the packages that this machine has fetched before are used again. */
const INSTALL = ['ci', '--prefer-offline', '--no-audit', '--no-fund'];

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'production-install-'));
  for (const name of COPIED) await cp(projectFile(name), join(project, name), { recursive: true });
});

afterAll(() => rm(project, { recursive: true }));

async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: project });
  return stdout;
}

async function installedMegabytes(): Promise<number> {
  return Number.parseInt(await run('du', '-sk', 'node_modules')) / 1024;
}

/** The sample with every label, tier and confidence, from the server of this project or of the copy. */
async function labelledSample(file?: string): Promise<string> {
  const server = await startServer({}, file);
  const sample = await readFile(projectFile('resources/sample_logs.csv'));
  const request = { method: 'POST', headers: { 'content-type': 'text/csv' }, body: sample };
  const response = await fetch(`${server.url}/classify/?details=true`, request);
  expect(response.status).toBe(200);
  const docs = await fetch(`${server.url}/docs/static/swagger-ui-bundle.js`);
  expect(docs.status).toBe(200);
  await docs.arrayBuffer();
  const labelled = await response.text();
  server.process.kill('SIGTERM');
  await once(server.process, 'exit');
  return labelled;
}

it(
  'without the development packages, npm start says what is missing',
  async () => {
    await run('npm', ...INSTALL, '--omit=dev');
    const { status, stderr } = spawnSync('npm', ['start'], { cwd: project, encoding: 'utf8' });
    expect(stderr).toMatch(/^dist\/ cannot be built: TypeScript is missing, .*\n$/);
    expect(status).toBe(1);
  },
  10 * MINUTES,
);

it(
  'gives the same labels and confidences after npm prune and after npm run prune-production, in less space each time',
  async () => {
    const [expected, copy] = [await labelledSample(), join(project, 'dist/server.js')];
    expect(expected).toContain(',embedding,0.');
    await run('npm', ...INSTALL);
    await run('npm', 'run', 'build');
    await run('npm', 'prune', '--omit=dev');
    expect(await installedMegabytes()).toBeLessThanOrEqual(460);
    expect(await labelledSample(copy)).toBe(expected);

    await run('npm', 'run', 'prune-production');
    expect(await installedMegabytes()).toBeLessThanOrEqual(200);
    expect(await labelledSample(copy)).toBe(expected);
    expect(await run('npm', 'run', 'prune-production')).toContain('0 files (0 MB)');
    expect(await labelledSample(copy)).toBe(expected);
  },
  10 * MINUTES,
);

it('starts by npm start without the compiler', async () => {
  const server = spawn('npm', ['start'], {
    cwd: project,
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  while (!output.includes('listening at')) await once(server.stdout, 'data');
  server.kill('SIGTERM');
  await once(server.stdout, 'close');
  expect(output).toContain('shutting down: current requests may finish');
});
