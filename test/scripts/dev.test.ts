import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { projectFile } from '../support/dist.js';

// Each test compiles two or three times.
vi.setConfig({ testTimeout: 120_000 });

let project: string;

/**
 * A server that prints a text and its process id, and runs until SIGTERM. It prints last: a test may send the signal as soon
 * as it has read the text.
 */
const serverPrinting = (text: string) =>
  `const timer = setInterval(() => undefined, 1000);
   process.on('SIGTERM', () => { console.log('end', process.pid); clearInterval(timer); });
   console.log(${JSON.stringify(text)}, process.pid);`;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'dev-'));
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(projectFile(name), join(project, name));
  }
  await mkdir(join(project, 'scripts'));
  await cp(projectFile('scripts/dev.mjs'), join(project, 'scripts/dev.mjs'));
  await mkdir(join(project, 'src'));
  await symlink(projectFile('node_modules'), join(project, 'node_modules'));
});

afterEach(() => rm(project, { recursive: true }));

const change = (source: string) => writeFile(join(project, 'src/server.ts'), source);

/** Starts dev.mjs. `line` resolves with the next line of output that matches. */
function startDev() {
  const dev = spawn(process.execPath, ['scripts/dev.mjs'], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void dev.kill('SIGTERM'));
  const seen: string[] = [];
  const lines = createInterface({ input: dev.stdout }).on('line', (text) => seen.push(text));
  createInterface({ input: dev.stderr }).on('line', (text) => {
    seen.push(text);
    lines.emit('output');
  });
  lines.on('line', () => lines.emit('output'));
  const line = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = seen.findIndex((text) => pattern.test(text));
      if (found >= 0) return seen.splice(0, found + 1).at(-1) ?? '';
      await once(lines, 'output');
    }
  };
  return { dev, line };
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('restarts the server after a change, and leaves no process behind', async () => {
  await change(serverPrinting('first'));
  const { dev, line } = startDev();
  const first = Number((await line(/^first/)).split(' ')[1]);
  await change(serverPrinting('second'));
  expect(await line(/^end/)).toBe(`end ${first}`);
  const second = Number((await line(/^second/)).split(' ')[1]);
  dev.kill('SIGINT');
  expect(await line(/^end/)).toBe(`end ${second}`);
  expect(await once(dev, 'exit')).toEqual([0, null]);
  expect([first, second].filter(isAlive)).toEqual([]);
});

it('shows an error of the compiler and leaves the server running', async () => {
  await change(serverPrinting('first'));
  const { dev, line } = startDev();
  const first = Number((await line(/^first/)).split(' ')[1]);
  await change('export const wrong: number = "text";');
  expect(await line(/error/)).toContain('src/server.ts');
  await line(/Found 1 error/);
  expect(isAlive(first)).toBe(true);
  dev.kill('SIGINT');
  expect(await line(/^end/)).toBe(`end ${first}`);
});

it('restarts a server that has exited after the next change', async () => {
  await change('process.exitCode = 3;');
  const { dev, line } = startDev();
  await line(/exited with code 3/);
  await change(serverPrinting('mended'));
  await line(/^mended/);
  dev.kill('SIGTERM');
  await line(/^end/);
  expect(await once(dev, 'exit')).toEqual([0, null]);
});
