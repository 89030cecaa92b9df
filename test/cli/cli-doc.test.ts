import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/command.js';
import { program, projectFile } from '../support/dist.js';

/** A command of docs/cli.md and the output that it shows. */
interface Example {
  command: string;
  output: string;
}

const doc = await readFile(projectFile('docs/cli.md'), 'utf8');
const examples: Example[] = [...doc.matchAll(/```console\n([^]*?)```/g)]
  .flatMap(([, block = '']) => block.split(/^\$ /m).slice(1))
  .map((text) => {
    const end = text.indexOf('\n');
    return { command: text.slice(0, end), output: text.slice(end + 1) };
  });

// Each command opens the encoder.
const TIME_LIMIT = 300_000;

it(
  'the commands of docs/cli.md print what it shows',
  async () => {
    const folder = await realpath(await temporaryFolder());
    const [bin, work] = [join(folder, 'bin'), join(folder, 'work')];
    await mkdir(bin);
    await mkdir(work);
    await symlink(program('cli/main.js'), join(bin, 'log-classifier'));
    await chmod(program('cli/main.js'), 0o755);
    const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, GROQ_API_KEY: '' };
    expect(examples.length).toBeGreaterThan(10);
    for (const { command, output } of examples) {
      const [, created] = /^cat (\S+)$/.exec(command) ?? [];
      if (created !== undefined && !doc.includes(`-o ${created}`)) {
        await writeFile(join(work, created), output);
        continue;
      }
      const printed = await shell(command, work, env);
      expect(`$ ${command}\n${printed.replaceAll(work, '/home/me')}`).toBe(`$ ${command}\n${output}`);
    }
  },
  TIME_LIMIT,
);

/** Returns what a command prints on standard output and standard error. */
function shell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', `exec 2>&1; ${command}`], { cwd, env }, (_, stdout) => resolve(stdout));
  });
}
