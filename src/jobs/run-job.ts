import { createReadStream } from 'node:fs';
import type { Classifier } from '../classifier/types.js';
import type { Warning } from '../formats/warnings.js';
import { topOf } from '../pipeline/label-parameters.js';
import { warningsAfter } from '../pipeline/label-input.js';
import { openUpload, type OpenUploadOptions } from '../pipeline/open-upload.js';
import type { JobFolder } from './job-folder.js';
import { noCounts, versionText, type Job, type JobParameters } from './job.js';
import { RunProgress } from './run-progress.js';
import { labelRows } from './label-rows.js';
import { RowBatches } from './row-batches.js';
import { RejectedRows } from './rejected-rows.js';
import type { JobStore } from './store/store.js';

/** What labels jobs. */
export interface RunParts {
  classifier: Classifier;
  store: JobStore;
  readOptions: (parameters: JobParameters) => OpenUploadOptions;
  /** The version of the product: another one may read an input in another way. */
  productVersion: string;
}

/**
 * Labels the rows of a job that are not in its store yet, counts its kinds and writes its summary. Changes the version and
 * the counts of the job. If another version labelled the rows in the store, it begins with the first row.
 * @param onStart receives the progress, which changes while the job runs
 * @param onProgress called after each chunk
 * @returns the warnings about the input and the labels
 * @throws the errors of openUpload, the classifier and the store; the reason of the signal
 */
export async function runJob(
  job: Job,
  folder: JobFolder,
  { classifier, store, readOptions, productVersion }: RunParts,
  signal: AbortSignal,
  onStart: (progress: RunProgress) => void,
  onProgress: () => void,
): Promise<Warning[]> {
  const { path } = folder;
  const top = topOf(job.parameters);
  const session = classifier.session({
    ...{ signal, priority: 'bulk', llm: job.parameters.llm !== 'off' },
    ...(top === undefined ? {} : { top }),
  });
  const version = versionText(session, productVersion);
  if (job.version === version) {
    await store.run(path, 'clearRejected');
    job.counts = await store.run(path, 'counts');
  } else {
    await store.clear(path);
    job.counts = noCounts();
    job.version = version;
    // Before the first row: after a crash, the rows in the store are known to be of this version.
    await folder.save(job);
  }
  const progress = new RunProgress(job.counts.rows);
  onStart(progress);
  const rejected = new RejectedRows((rows) => store.run(path, 'appendRejected', rows));
  const opened = await openUpload(
    { ...job.input, bytes: rejected.paced(countedBytes(folder.input, progress, signal)) },
    { ...readOptions(job.parameters), signal, onSkip: rejected.onSkip },
  );
  const append = (batch: Parameters<typeof store.run<'append'>>[2]): Promise<void> =>
    store.run(path, 'append', batch);
  try {
    await labelRows(opened.input, session, new RowBatches(job.created), append, job.counts, onProgress);
    await rejected.finish();
  } finally {
    // Before the caller deletes the rows: a late row would bring the database back.
    await rejected.settled();
  }
  await store.run(path, 'commit');
  await store.run(path, 'countKinds');
  await folder.saveSummary(await store.run(path, 'summarise'));
  const { rows, notes, tiers, cut } = job.counts;
  return warningsAfter(
    opened.input.counts,
    { records: rows, llmUnavailable: notes['llm-unavailable'] ?? 0, empty: tiers.none ?? 0, cut },
    opened.warnings(),
  );
}

async function* countedBytes(
  file: string,
  progress: RunProgress,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  for await (const piece of createReadStream(file, { signal }) as AsyncIterable<Buffer>) {
    progress.bytesRead += piece.length;
    yield piece;
  }
}
