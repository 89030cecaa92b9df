import { join } from 'node:path';
import { openAtomicFile } from '../../files/atomic-file.js';
import { answerName } from '../../formats/answer-name.js';
import type { AnswerKind } from '../../formats/format.js';
import { isFolder } from './classify-options.js';

/** Where an answer goes. */
export interface CommandOutput {
  /** Appends text that consists of whole lines, and waits until it is written. @throws OutputClosed, the system error */
  write(text: string): Promise<void>;
  /** Call it when the answer is complete. */
  commit(): Promise<void>;
  /** Call it when the answer failed. Does nothing after `commit`. */
  discard(): Promise<void>;
}

/** The reader of standard output wants no more, as `head` after its lines. */
export class OutputClosed extends Error {
  override name = 'OutputClosed';
}

/** Opens the output of one answer: a file, a file in a folder, or standard output. @throws the system error */
export async function openCommandOutput(
  output: string | undefined,
  inputName: string | undefined,
  kind: AnswerKind,
  signal: AbortSignal,
): Promise<CommandOutput> {
  if (output === undefined) return standardOutput(signal);
  const path = (await isFolder(output)) ? join(output, answerName(inputName, kind)) : output;
  return await openAtomicFile(path);
}

function standardOutput(signal: AbortSignal): CommandOutput {
  return {
    write: (text) => writeToStandardOutput(text, signal),
    commit: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  };
}

/** Writes nothing after the signal has aborted, so that the output ends with a line. */
async function writeToStandardOutput(text: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (text === '') return;
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    process.stdout.write(text, (error) => {
      signal.removeEventListener('abort', onAbort);
      if (!error) resolve();
      else reject(isClosed(error) ? new OutputClosed('Standard output is closed.') : error);
    });
  });
}

function isClosed(error: NodeJS.ErrnoException): boolean {
  return ['EPIPE', 'ERR_STREAM_DESTROYED', 'ECONNRESET'].includes(error.code ?? '');
}
