import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unneededFiles } from '../../scripts/unneeded-files.mjs';
import { projectFile } from '../support/dist.js';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'production-'));
  await cp(projectFile('scripts'), join(project, 'scripts'), { recursive: true });
});

afterEach(() => rm(project, { recursive: true }));

async function write(...files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), '');
  }
}

function run(script: string, ...args: string[]): { status: number | null; stderr: string } {
  return spawnSync(process.execPath, [join(project, 'scripts', script), ...args], { encoding: 'utf8' });
}

describe('scripts/build.mjs', () => {
  it.each([[], ['--or-use-dist']])('names what is missing without TypeScript and dist/ (%s)', (...args) => {
    const { status, stderr } = run('build.mjs', ...args);
    expect(stderr).toMatch(/^dist\/ cannot be built: TypeScript is missing, .*`npm ci --include=dev .*\n$/);
    expect(status).toBe(1);
  });

  it('uses an existing dist/ with --or-use-dist, and fails without it', async () => {
    await write('src/server.ts', 'dist/server.js', 'dist/.tsbuildinfo');
    expect(run('build.mjs', '--or-use-dist')).toMatchObject({ status: 0, stderr: '' });
    expect(run('build.mjs').status).toBe(1);
  });

  it('warns when src/ changed after dist/ was built', async () => {
    await write('dist/server.js', 'dist/.tsbuildinfo', 'src/http/server.ts');
    await utimes(join(project, 'dist/.tsbuildinfo'), 0, 1);
    const { status, stderr } = run('build.mjs', '--or-use-dist');
    expect(stderr).toMatch(/^src\/ was changed after dist\/ was built/);
    expect(status).toBe(0);
  });

  it('uses a dist/ without src/ and without its build info', async () => {
    await write('dist/server.js');
    expect(run('build.mjs', '--or-use-dist')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('unneededFiles', () => {
  const unneeded = (system: string) => {
    const modules = join(project, 'node_modules');
    return unneededFiles(modules, system)
      .map((file) => relative(modules, file))
      .sort();
  };

  it('returns binaries for other systems, type declarations and source maps', async () => {
    const bin = 'node_modules/onnxruntime-node/bin/napi-v6';
    await write(`${bin}/linux/x64/a.node`, `${bin}/linux/arm64/a.node`, `${bin}/win32/x64/a.dll`);
    await write(
      'node_modules/@a/b/index.js',
      'node_modules/@a/b/index.d.cts',
      'node_modules/@a/b/index.js.map',
    );
    await write(
      'node_modules/@a/b/bin/win32/x64/a.dll',
      'node_modules/@a/b/site.map',
      'node_modules/@a/b/d.ts',
    );
    expect(unneeded('linux/x64')).toEqual([
      '@a/b/index.d.cts',
      '@a/b/index.js.map',
      'onnxruntime-node/bin/napi-v6/linux/arm64/a.node',
      'onnxruntime-node/bin/napi-v6/win32/x64/a.dll',
    ]);
  });

  it('returns no binaries if this system has none', async () => {
    await write('node_modules/onnxruntime-node/bin/napi-v6/linux/x64/a.node');
    expect(unneeded('sunos/x64')).toEqual([]);
  });

  it('does not follow links', async () => {
    await write('stubs/a/index.d.ts', 'node_modules/b/index.js');
    await symlink('../stubs/a', join(project, 'node_modules/a'));
    await symlink('../../stubs/a/index.d.ts', join(project, 'node_modules/b/index.d.ts'));
    expect(unneeded('linux/x64')).toEqual([]);
  });
});

describe('scripts/prune-production.mjs', () => {
  it('deletes nothing if node_modules is a link', async () => {
    await write('elsewhere/a/index.d.ts', 'elsewhere/a/index.js', 'dist/server.js');
    await symlink('elsewhere', join(project, 'node_modules'));
    const { status, stderr } = run('prune-production.mjs');
    expect(stderr).toMatch(/^No file was deleted: node_modules is a link/);
    expect(status).toBe(1);
    expect(await readdir(join(project, 'elsewhere/a'))).toEqual(['index.d.ts', 'index.js']);
  });

  it('deletes nothing before the first build', async () => {
    await write('node_modules/typescript/bin/tsc');
    expect(run('prune-production.mjs')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Run `npm run build` first.') as string,
    });
    expect(await readdir(join(project, 'node_modules'))).toEqual(['typescript']);
  });
});
