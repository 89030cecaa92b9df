import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../support/dist.js';
import { temporaryFolder } from '../support/jobs.js';
import { startServer, type ServerProcess } from '../support/server.js';

const CSV = 'source,log_message\nModernCRM,User User1 logged in.\nA,Backup completed successfully.\n';

/** Starts a server that is expected to refuse, and returns its exit code and what it prints. */
function startInVain(env: Record<string, string>): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [program('server.js')], {
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '', ...env },
    encoding: 'utf8',
    timeout: 50_000,
    killSignal: 'SIGKILL',
  });
}

async function create(server: ServerProcess): Promise<string> {
  const init = { method: 'POST', body: CSV, headers: { 'content-type': 'text/csv' } };
  const response = await fetch(`${server.url}/jobs`, init);
  return `/jobs/${((await response.json()) as { id: string }).id}`;
}

/** Waits for the end of a job by its events, and returns its result. */
async function resultOf(server: ServerProcess, job: string): Promise<string> {
  await (await fetch(`${server.url}${job}/events`)).text();
  return (await fetch(`${server.url}${job}/result`)).text();
}

describe('DATA_DIR', () => {
  it('is refused to a second process, and free when the first one was killed', async () => {
    const dataDir = await temporaryFolder();
    const first = await startServer({ DATA_DIR: dataDir });
    const job = await create(first);
    const second = startInVain({ DATA_DIR: dataDir });
    expect(second.stderr).toBe(
      `The server could not start. DATA_DIR: another process uses ${dataDir}. Stop it, or set DATA_DIR to another folder.\n`,
    );
    expect(second.status).toBe(1);
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');
    const third = await startServer({ DATA_DIR: dataDir });
    expect(await resultOf(third, job)).toBe(
      'source,log_message,target_label\nModernCRM,User User1 logged in.,User Action\nA,Backup completed successfully.,System Notification\n',
    );
  });

  it('that cannot be used is refused with a sentence', async () => {
    const dataDir = await temporaryFolder();
    await mkdir(join(dataDir, 'lock.duckdb'));
    for (const dir of ['/dev/null/x', '/proc/x', dataDir]) {
      const { status, stderr } = startInVain({ DATA_DIR: dir });
      expect(stderr).toContain(`DATA_DIR: ${dir} cannot be used`);
      expect(stderr).toContain('JOBS=off');
      expect(stderr).not.toMatch(/^ +at /m);
      expect(status).toBe(1);
    }
  });

  it('is not used with JOBS=off: there are no jobs', async () => {
    const server = await startServer({ JOBS: 'off', DATA_DIR: '/dev/null/x' });
    expect((await fetch(`${server.url}/jobs`)).status).toBe(404);
    expect((await fetch(`${server.url}/`)).headers.has('set-cookie')).toBe(false);
  });
});
