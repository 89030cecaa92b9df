import { join } from 'node:path';
import { loopTurn } from '../../async/loop-turns.js';
import { versionOf } from '../version-of.js';
import { EntryFile } from './entry-file.js';
import type { Prediction } from './head.js';
import { ENTRY_BYTES, hashOf, PredictionCodec } from './prediction-codec.js';

/** Predictions that are kept on disk between starts of the process. */
export interface PredictionStore {
  /** The number of templates in the store. */
  readonly size: number;
  /** Returns the stored prediction of a template, of this process or an earlier one. */
  get(template: string): Prediction | undefined;
  /** Stores the prediction of a new template. It is on disk within a second. */
  add(template: string, prediction: Prediction): void;
  /** Resolves when all predictions added so far are on disk. */
  flush(): Promise<void>;
}

/** Options of a prediction store. */
export interface PredictionStoreOptions {
  /** Created if it does not exist. */
  dir: string;
  /** Versions of everything that a prediction depends on apart from its template. Each origin has its own file. */
  origin: readonly string[];
  /** The head's labels. */
  labels: readonly string[];
  /** Called once, when the file cannot be read or written. After that the store works in memory only. */
  onProblem: (problem: { file: string; err: unknown }) => void;
  /** Upper bound on the predictions in memory: the newest stay. The file holds up to twice as many. Default: 250,000. */
  maxEntries?: number;
}

/** Raise this when the layout of the file changes. */
const FORMAT = '1';
/** About 40 MB of memory, and 16 MB on disk. */
const MAX_ENTRIES = 250_000;
/** The number of entries decoded in one turn of the event loop. The server answers requests meanwhile. */
const ENTRIES_PER_TURN = 5_000;

/**
 * Opens the predictions of one head and encoder. The file may be deleted at any time. Several processes may share it.
 * Each process sees only its own entries and those written before it started. When one process drops old entries,
 * entries that another adds at that moment may be lost.
 */
export async function openPredictionStore({
  dir,
  origin,
  labels,
  onProblem,
  maxEntries = MAX_ENTRIES,
}: PredictionStoreOptions): Promise<PredictionStore> {
  const path = join(dir, `predictions-${versionOf([FORMAT, ...origin].join(' '))}.bin`);
  const file = new EntryFile({
    path,
    entryBytes: ENTRY_BYTES,
    maxEntries,
    onFailure: (err) => onProblem({ file: path, err }),
  });
  const codec = new PredictionCodec(labels);
  const predictions = new Map<string, Prediction>();
  const bytes = (await file.read()).subarray(-maxEntries * ENTRY_BYTES);
  const step = ENTRIES_PER_TURN * ENTRY_BYTES;
  for (let at = 0; at < bytes.length; at += step) {
    for (const [hash, prediction] of codec.decode(bytes.subarray(at, at + step)))
      predictions.set(hash, prediction);
    await loopTurn();
  }
  // Reuse one iterator: a fresh `keys()` rescans deleted slots (O(n)).
  const oldestHashes = predictions.keys();
  return {
    get size() {
      return predictions.size;
    },
    get: (template) => predictions.get(hashOf(template)),
    add: (template, prediction) => {
      const hash = hashOf(template);
      if (predictions.has(hash)) return;
      if (predictions.size >= maxEntries) predictions.delete(oldestHashes.next().value ?? '');
      predictions.set(hash, prediction);
      file.add(codec.encode(hash, prediction));
    },
    flush: () => file.flush(),
  };
}
