import { HeadFileError, parseHead, readHeadText, type Head } from './embedding/head.js';
import { followFiles } from '../files/follow-files.js';
import { openSnapshot, type ClassifierSnapshot, type SnapshotParts } from './snapshot.js';
import { rulesFileOf } from './head-rules.js';
import { LabelFileError } from './labels.js';
import { NotRegularFileError } from '../files/regular-file.js';
import { RuleFileError } from './rules/rule-file.js';
import { versionOf } from './version-of.js';

/**
 * Takes another head over as soon as its file holds one. A head that cannot be used is logged and the one in
 * use stays; sessions end with the generation that they began with.
 *
 * Whether a head can be used depends on the labels and rules beside it, so their files are followed too: head
 * and rules for other labels may be put in place one after the other, in either order.
 */
export function watchSnapshot(
  parts: SnapshotParts,
  current: { get: () => ClassifierSnapshot; set: (next: ClassifierSnapshot) => void },
  follow: typeof followFiles = followFiles,
): { close: () => void } {
  const { config, options } = parts;
  const { headFile: file, labelsFile } = config;
  const readHead = headReader(file);
  let closed = false;
  /** What was logged last about a head that is not taken over. */
  let complaint: string | undefined;
  const change = async (): Promise<void> => {
    const before = current.get();
    const head = await readHead(before.embedding.head);
    if (head === before.embedding.head) {
      if (complaint !== undefined) options.logger.info({ file }, 'the head in use is back in its file');
      complaint = undefined;
      return;
    }
    const next = await openSnapshot(head, parts, before);
    const obsolete = next.rules === before.rules ? undefined : before.rules;
    if (closed) {
      if (obsolete) next.rules.close();
      return;
    }
    complaint = undefined;
    current.set(next);
    obsolete?.close();
    // Sessions that still run add to it later, and then it writes within a second.
    await before.embedding.flush();
    options.logger.info({ file, version: head.version, labels: head.labels.length }, 'head reloaded');
  };
  const following = follow([file, labelsFile, rulesFileOf(config)], {
    onChange: change,
    onError: (error) => {
      const text = String(error);
      if (text !== complaint) {
        const problem = isForeseen(error) ? { problem: error.message } : { err: error };
        options.logger.error({ file, ...problem }, 'the head is not taken over, the last good one stays');
      }
      complaint = text;
      return isAboutReading(error);
    },
  });
  return {
    close: () => {
      closed = true;
      following.close();
    },
  };
}

/**
 * Reads the head in a file, but parses it only if it is neither the one in use nor the one parsed last: those
 * megabytes are read again whenever the labels or rules beside them change.
 */
function headReader(file: string): (inUse: Head) => Promise<Head> {
  let last: Head | undefined;
  return async (inUse) => {
    const text = await readHeadText(file);
    const version = versionOf(text);
    const known = [inUse, last].find((head) => head?.version === version);
    last = known === inUse ? undefined : (known ?? parseHead(text, file));
    return last ?? inUse;
  };
}

function isForeseen(error: unknown): error is Error {
  return [HeadFileError, LabelFileError, RuleFileError].some((kind) => error instanceof kind);
}

/** Whether a file could not be read, which may pass without any change that could be seen. */
function isAboutReading(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof NotRegularFileError || (cause instanceof Error && 'syscall' in cause);
}
