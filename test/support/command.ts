import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { program } from './dist.js';

/** A running `log-classifier`. */
export interface RunningCommand {
  process: ChildProcessWithoutNullStreams;
  /** What it has printed so far. */
  out: () => string;
  err: () => string;
  /** Resolves when standard output contains a text. Fails if the command ends before. */
  printed: (text: string) => Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

/** Starts the compiled command, without a key for the LLM. It ends with the test. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
  const command = spawn(process.execPath, [program('cli/main.js'), ...args], {
    env: { ...process.env, GROQ_API_KEY: '', ENCODER_THREADS: '1', ...env },
  });
  let [out, err] = ['', ''];
  command.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  command.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = (once(command, 'close') as Promise<[number | null, string | null]>).then(
    ([code, signal]) => ({
      code,
      signal,
    }),
  );
  onTestFinished(async () => {
    if (command.exitCode === null && command.signalCode === null) command.kill('SIGKILL');
    await ended;
  });
  const printed = async (text: string): Promise<void> => {
    while (!out.includes(text)) {
      const more = once(command.stdout, 'data');
      await Promise.race([more, ended.then(() => fail(text, out, err))]);
    }
  };
  return { process: command, out: () => out, err: () => err, printed, ended };
}

function fail(text: string, out: string, err: string): never {
  throw new Error(`The command ended without ${JSON.stringify(text)}. It printed: ${out}\n${err}`);
}

/** Runs the compiled command to its end. */
export async function runCommandLine(
  args: readonly string[],
  { input = '', env = {} }: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Promise<{ code: number | null; out: string; err: string }> {
  const command = startCommand(args, env);
  command.process.stdin.on('error', () => undefined).end(input);
  const { code } = await command.ended;
  return { code, out: command.out(), err: command.err() };
}

/** Creates a temporary folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'command-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
