import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { program } from './dist.js';

export interface ServerProcess {
  process: ChildProcess;
  url: string;
  port: number;
  /** All lines that it has logged, parsed from JSON. */
  log: Record<string, unknown>[];
  /** Resolves with the first logged line that matches, including earlier lines. */
  logged: (fits: (line: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>;
}

/**
 * Starts the compiled server on a free port; resolves when it listens, and ends it with the test. `file` names the
 * `dist/server.js` of another copy of the project. A server for several tests is ended by what `onEnd` receives.
 */
export async function startServer(
  env: Record<string, string> = {},
  file = program('server.js'),
  onEnd: (end: () => Promise<void>) => void = onTestFinished,
): Promise<ServerProcess> {
  // Two processes cannot have the same one.
  const dataDir = mkdtempSync(join(tmpdir(), 'test-data-'));
  const server = spawn(process.execPath, [file], {
    env: { ...process.env, PORT: '0', GROQ_API_KEY: '', DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onEnd(async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGKILL');
      await once(server, 'exit');
    }
    rmSync(dataDir, { recursive: true, force: true });
  });
  const log: Record<string, unknown>[] = [];
  const lines = createInterface({ input: server.stdout });
  lines.on('line', (line) => {
    log.push(JSON.parse(line) as Record<string, unknown>);
    lines.emit('logged');
  });
  const logged: ServerProcess['logged'] = async (fits) => {
    for (;;) {
      const found = log.find(fits);
      if (found) return found;
      await Promise.race([once(lines, 'logged'), once(lines, 'close').then(() => fail(log))]);
    }
  };
  const { msg } = await logged((line) => String(line.msg).includes('listening at'));
  const url = String(msg).replace(/.*(http:\S+).*/, '$1');
  return { process: server, url, port: Number(new URL(url).port), log, logged };
}

function fail(log: object[]): never {
  throw new Error(`the server ended; its last line was ${JSON.stringify(log.at(-1))}`);
}
