import { appendFile, copyFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCommand, temporaryFolder } from '../../support/command.js';

const LOGIN = 'User User1 logged in.';

describe('A pipe that stays open', () => {
  it('is labelled line by line', async () => {
    const { process: command, printed, out, ended } = startCommand(['classify', '--source', 'web']);
    command.stdin.write(`${LOGIN}\n`);
    await printed(`web,${LOGIN},User Action\n`);
    command.stdin.write('Backup completed successfully.\nBackup compl');
    await printed('web,Backup completed successfully.,System Notification\n');
    command.stdin.end('eted successfully.\n');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(out()).toBe(
      `source,log_message,target_label\nweb,${LOGIN},User Action\n` +
        'web,Backup completed successfully.,System Notification\n'.repeat(2),
    );
  });

  it('is labelled object by object, and only wanted labels are shown', async () => {
    const { process: command, printed, out, ended } = startCommand(['classify', '--label', 'User Action']);
    command.stdin.write('{"msg":"Backup completed successfully."}\n{"msg":"User User1 logged in."}\n');
    await printed('"User Action"}\n');
    command.stdin.end();
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(out()).toBe('{"msg":"User User1 logged in.","target_label":"User Action"}\n');
  });

  it('ends at Ctrl-C with what has arrived, and shows the summary', async () => {
    const { process: command, printed, err, ended } = startCommand(['classify', '--summary']);
    command.stdin.write(`${LOGIN}\n`);
    await printed(LOGIN);
    command.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(err()).toMatch(/User Action +1 +100\.0 %/);
  });
});

describe('--follow', () => {
  it('goes on as the file grows, is renamed, and is truncated, until Ctrl-C', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'app.log');
    await writeFile(file, 'Worker 1 started\n');
    const { process: command, printed, out, ended } = startCommand(['classify', '--follow', file]);
    await printed('app,Worker 1 started,');
    await appendFile(file, 'Worker 2 started\n');
    await printed('app,Worker 2 started,');
    await rename(file, `${file}.1`);
    await writeFile(file, 'Worker 3 started\n');
    await printed('app,Worker 3 started,');
    await copyFile(file, `${file}.2`);
    await truncate(file);
    await appendFile(file, 'Worker 4\n');
    await printed('app,Worker 4,');
    command.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(out().split('\n')).toHaveLength(6);
  });

  it('refuses a table', async () => {
    const file = join(await temporaryFolder(), 'logs.csv');
    await writeFile(file, 'source,log_message\na,b\n');
    const { err, ended } = startCommand(['classify', '--follow', file]);
    expect(await ended).toEqual({ code: 1, signal: null });
    expect(err()).toContain('The file reads as csv. --follow reads plain lines and NDJSON.');
  });
});
