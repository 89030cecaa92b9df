import { join } from 'node:path';
import { loopTurn } from '../../async/loop-turns.js';
import { versionOf } from '../version-of.js';
import type { Prediction } from './head.js';
import { hashOf, PredictionRecords, RECORD_BYTES } from './prediction-records.js';
import { RecordFile } from './record-file.js';

/** Predictions that outlast the process. */
export interface PredictionStore {
  /** How many templates it knows. */
  readonly size: number;
  /** What was kept, in this process or before. */
  get(template: string): Prediction | undefined;
  /** Keeps one more, if it is not known: on disk within a second. */
  add(template: string, prediction: Prediction): void;
  /** Resolves when all that was added so far is on disk. */
  flush(): Promise<void>;
}

/** What a store is opened with. */
export interface PredictionStoreOptions {
  /** Made if it is not there. */
  dir: string;
  /** All that a prediction depends on besides its template, such as versions: each has a file of its own. */
  origin: readonly string[];
  /** Of the head. */
  labels: readonly string[];
  /** Told once, when predictions cannot be read or kept; the store then goes on without its file. */
  onProblem: (problem: { file: string; err: unknown }) => void;
  /** The newest so many are known; the file holds twice as many at the most. */
  maxRecords?: number;
}

/** Raised whenever the file's layout changes. */
const FORMAT = '1';
/** Some 40 MB of memory, and 16 MB on disk. */
const MAX_RECORDS = 250_000;
/** So many are read in one go: a head is replaced while others are served. */
const RECORDS_A_TURN = 5_000;

/**
 * Opens the predictions of one head and encoder. The file may be deleted at any time. Several processes may share it:
 * each knows what was there when it began, and when one drops old records it may lose some that another just adds.
 */
export async function openPredictionStore({
  dir,
  origin,
  labels,
  onProblem,
  maxRecords = MAX_RECORDS,
}: PredictionStoreOptions): Promise<PredictionStore> {
  const path = join(dir, `predictions-${versionOf([FORMAT, ...origin].join(' '))}.bin`);
  const file = new RecordFile({
    path,
    recordBytes: RECORD_BYTES,
    maxRecords,
    onFailure: (err) => onProblem({ file: path, err }),
  });
  const records = new PredictionRecords(labels);
  const known = new Map<string, Prediction>();
  // One for all: each new one would first step over the places of all that went before.
  const oldest = known.keys();
  const bytes = (await file.read()).subarray(-maxRecords * RECORD_BYTES);
  const step = RECORDS_A_TURN * RECORD_BYTES;
  for (let at = 0; at < bytes.length; at += step) {
    for (const [hash, prediction] of records.decode(bytes.subarray(at, at + step)))
      known.set(hash, prediction);
    await loopTurn();
  }
  return {
    get size() {
      return known.size;
    },
    get: (template) => known.get(hashOf(template)),
    add: (template, prediction) => {
      const hash = hashOf(template);
      if (known.has(hash)) return;
      if (known.size >= maxRecords) known.delete(oldest.next().value ?? '');
      known.set(hash, prediction);
      file.add(records.encode(hash, prediction));
    },
    flush: () => file.flush(),
  };
}
