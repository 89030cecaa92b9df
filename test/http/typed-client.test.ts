import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { projectFile } from '../support/dist.js';
import { codeBlocks, readDoc } from '../support/doc-examples.js';
import { startServer } from '../support/server.js';

const run = promisify(execFile);

/** Runs a JavaScript program with Node, and returns what it printed. */
async function node(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [program, ...args]).catch((error: unknown) => {
    // The compiler reports errors on its standard output.
    throw new Error((error as { stdout?: string }).stdout ?? '', { cause: error });
  });
  return stdout;
}

it('the generated client of docs/api.md compiles, and prints what the document shows', async () => {
  const doc = await readDoc('docs/api.md');
  const [source = ''] = codeBlocks(doc, 'ts');
  const [printed = ''] = codeBlocks(doc, 'text');
  const { url } = await startServer();
  // Inside the project, so that the client finds openapi-fetch.
  await mkdir(projectFile('test-results'), { recursive: true });
  const folder = await mkdtemp(projectFile('test-results/client-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'client.ts'), source);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib: ['es2023'],
        module: 'nodenext',
        types: ['node'],
        strict: true,
        noUncheckedIndexedAccess: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
      },
    }),
  );
  const types = join(folder, 'log-classifier.d.ts');
  await node(projectFile('node_modules/openapi-typescript/bin/cli.js'), `${url}/openapi.json`, '-o', types);
  await node(projectFile('node_modules/typescript/bin/tsc'), '-p', folder);
  expect(await node(join(folder, 'client.js'), url)).toBe(printed);
}, 120_000);
