import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { build } from '../support/app.js';
import { projectFile } from '../support/dist.js';

/** The exit code of a program and what it printed. */
interface Ended {
  code: number | string;
  output: string;
}

/** Runs `redocly lint` with the rules of redocly.yaml. */
async function lint(description: string): Promise<Ended> {
  const folder = await mkdtemp(join(tmpdir(), 'openapi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'openapi.json');
  await writeFile(file, description);
  const args = ['lint', file, '--config', projectFile('redocly.yaml'), '--format', 'stylish'];
  // It must not ask for newer versions of itself, nor report its use.
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    CI: 'true',
  };
  return await new Promise((resolve) => {
    const program = projectFile('node_modules/@redocly/cli/bin/cli.js');
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: stdout + stderr });
    });
  });
}

it('redocly finds nothing wrong with the OpenAPI description', async () => {
  const { app } = await build();
  const { code, output } = await lint((await app.inject('/openapi.json')).body);
  expect(output).not.toMatch(/ (error|warning) {2}/);
  expect(code).toBe(0);
});

it('redocly finds a call without operationId', async () => {
  const { app } = await build();
  const description = (await app.inject('/openapi.json')).body.replace('"operationId":"classify",', '');
  const { code, output } = await lint(description);
  expect(output).toContain('operation-operationId');
  expect(code).toBe(1);
});

it('redocly.yaml gives a reason for each rule that it switches off', async () => {
  const lines = (await readFile(projectFile('redocly.yaml'), 'utf8')).split('\n');
  const off = lines.flatMap((line, i) => (line.endsWith(': off') ? [i] : []));
  expect(off.length).toBeGreaterThan(0);
  for (const i of off) expect(lines[i - 1]).toMatch(/^ +# /);
});
