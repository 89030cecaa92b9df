import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommandLine, startCommand, temporaryFolder } from '../../support/command.js';

const manyLines = Array.from(
  { length: 200_000 },
  (_, i) => `2026-11-26 05:00:00 ERROR Disk ${i} is full\n`,
).join('');

it('ends quietly when the reader of the output wants no more', async () => {
  const { process: command, err, ended } = startCommand(['classify', '--source', 'x']);
  command.stdin.on('error', () => undefined).end(manyLines);
  await once(command.stdout, 'data');
  command.stdout.destroy();
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(err()).toBe('');
});

it('ends at Ctrl-C by the signal, with whole lines and without a file', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'app.log');
  await writeFile(file, manyLines);
  const toFile = startCommand(['classify', file, '-o', join(folder, 'out.csv')]);
  const { process: command, printed, out, ended } = startCommand(['classify', file]);
  await printed('Disk 0');
  command.kill('SIGINT');
  expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
  expect(out().endsWith('\n')).toBe(true);
  expect(out().length).toBeLessThan(manyLines.length);
  toFile.process.kill('SIGTERM');
  await toFile.ended;
  expect(await readdir(folder)).toEqual(['app.log']);
});

it('leaves no file when the input is bad', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'bad.csv');
  await writeFile(file, 'source,log_message\na,b\nc\n');
  const { code, out, err } = await runCommandLine(['classify', file, '-o', join(folder, 'out.csv')]);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^Line 3 has 1 cell where the header has 2\./);
  expect(await readdir(folder)).toEqual(['bad.csv']);
});

it.each([
  [['classify', 'no-such.log'], 1, /^ENOENT: .*no-such\.log/],
  [['classify', 'src'], 1, /^src is a folder/],
  [['classify', '--on-error', 'stop'], 2, /^--on-error must be fail or skip, got "stop"\./],
  [['classify', '--input-format', 'xml'], 2, /^--input-format must be csv, .*, got "xml"\./],
  [['classify', '--format', 'xml'], 2, /^--format must be same, .*, got "xml"\./],
  [['classify', '--detials'], 2, /unknown option '--detials'\n\(Did you mean --details\?\)/],
  [['classify', '--follow'], 2, /^--follow needs one FILE\./],
  [['classify', '--follow', 'a.log', '-o', 'b.csv'], 2, /^--follow has no end/],
  [['classify', 'a.log', 'b.log'], 2, /^Several FILEs can share one output as NDJSON only\./],
  [
    ['classify', 'a/x.log', 'b/x.log', '-o', 'src'],
    2,
    /^Several FILEs would be answered as x_classified\.csv/,
  ],
  [['classify', '-', '-'], 2, /^Standard input \(-\) can be read only once\./],
  [['clasify'], 2, /unknown command 'clasify'\n\(Did you mean classify\?\)/],
  [['serve', 'now'], 2, /too many arguments/],
])('says what is wrong with %j', async (args, code, sentence) => {
  expect(await runCommandLine(args)).toMatchObject({
    code,
    out: '',
    err: expect.stringMatching(sentence) as string,
  });
});

it('refuses a label that no line gets, and names the labels, nearest first', async () => {
  const { code, err } = await runCommandLine(['classify', '--label', 'Securty Alert'], { input: 'x\n' });
  expect(code).toBe(2);
  expect(err).toMatch(
    /^--label: no line gets the label "Securty Alert"\. Did you mean "Security Alert"\? The labels are Security Alert, /,
  );
});

it.each(['classify', 'serve', 'train', 'evaluate', 'exam', 'check-rules', 'training-data'])(
  'shows the help of %s with examples',
  async (name) => {
    const { code, out, err } = await runCommandLine([name, '--help']);
    expect(code).toBe(0);
    expect(out + err).toMatch(/^Usage: [^]*\n {2}(?:[A-Z_]+=\S+ )?log-classifier /);
    expect((await runCommandLine(['--help'])).out).toContain(`  ${name} `);
  },
);
