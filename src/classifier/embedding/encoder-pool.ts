import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { versionOf } from '../version-of.js';
import { checkContents, checkSizes, ENCODER_ADVICE } from './encoder-files.js';
import { EncoderError, MAX_BATCH_TEMPLATES, readManifest, type Encoder } from './encoder.js';

// Turns off onnxruntime's telemetry. onnxruntime reads this variable from the process, not from a worker thread's
// environment, so set it on the main thread before the first worker starts.
process.env.ORT_DISABLE_TELEMETRY = '1';

/**
 * Longer than the encoder's limit, so that warming up allocates the memory that the longest line needs. It mixes scripts,
 * so that its embedding changes with the tokenizer and the token limit.
 */
const WARM_UP_TEXT = 'Warm-up: Größe 0x7F, 50 % of ÀÉÎ für unaffordable 漢字 '.repeat(40);

/** Where the encoder is, and how many threads run it. */
export interface EncoderPoolOptions {
  /** The encoder's folder. */
  dir: string;
  threads: number;
  /** The compiled worker. Only tests that run from source set another. */
  workerFile?: URL;
}

/**
 * Opens an encoder on worker threads, one onnxruntime session per thread. Each thread has run one inference when this
 * resolves. No inference runs on the main thread.
 * @throws EncoderError when the folder's files are not those in its manifest, the model does not load or its embeddings
 *   have another dimension
 */
export async function openEncoderPool({
  dir,
  threads,
  workerFile = new URL('./worker.js', import.meta.url),
}: EncoderPoolOptions): Promise<Encoder> {
  const { id, dimension, files, tuning } = await readManifest(dir);
  await checkSizes(dir, files);
  const pool = new WorkerPool({ dir, threads, workerFile });
  try {
    const warmUp = pool.warmUp();
    // Runs while the threads load. If a file is wrong, its error takes precedence over the error from loading it.
    await checkContents(dir, files);
    const embedding = firstEmbedding(await warmUp);
    if (embedding?.length !== dimension) {
      const found = embedding ? `embeddings of ${embedding.length} numbers` : 'no embedding';
      throw new EncoderError(
        `The encoder in ${dir} returns ${found}, but manifest.json says ${dimension} numbers. ${ENCODER_ADVICE}`,
      );
    }
    const fingerprint = versionOf(new Uint8Array(embedding.buffer));
    return {
      id,
      fingerprint,
      dimension,
      tuning,
      threads,
      encode: (templates) => pool.encode(templates),
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    if (error instanceof EncoderError) throw error;
    throw new EncoderError(`The encoder in ${dir} does not load: ${String(error)}`, { cause: error });
  }
}

class WorkerPool {
  readonly #pool: Piscina<readonly string[], Float32Array[]>;
  readonly #threads: number;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor({ dir, threads, workerFile }: Required<EncoderPoolOptions>) {
    this.#threads = threads;
    this.#pool = new Piscina({
      filename: fileURLToPath(workerFile),
      minThreads: threads,
      maxThreads: threads,
      workerData: { dir },
      recordTiming: false,
    });
  }

  /** Encodes the warm-up text on every thread. Never rejects. */
  warmUp(): Promise<PromiseSettledResult<Float32Array[]>[]> {
    // Start all tasks at once: then each thread gets one, and no thread gets two.
    return Promise.allSettled(Array.from({ length: this.#threads }, () => this.#run([WARM_UP_TEXT])));
  }

  async encode(templates: readonly string[]): Promise<Float32Array[]> {
    const tasks: Promise<Float32Array[]>[] = [];
    for (let start = 0; start < templates.length; start += MAX_BATCH_TEMPLATES) {
      tasks.push(this.#run(templates.slice(start, start + MAX_BATCH_TEMPLATES)));
    }
    return (await Promise.all(tasks)).flat();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#stop());
  }

  async #run(templates: readonly string[]): Promise<Float32Array[]> {
    // A closed Piscina would start another worker.
    if (this.#closing) throw new Error('The encoder is closed.');
    const task = this.#pool.run(templates);
    this.#running.add(task);
    return task.finally(() => this.#running.delete(task));
  }

  async #stop(): Promise<void> {
    // Wait first: if a thread stops while it loads or runs an inference, onnxruntime aborts the complete process.
    await Promise.allSettled(this.#running);
    await this.#pool.destroy();
  }
}

/** Returns the embedding of the first thread. @throws the error of any thread that failed */
function firstEmbedding(warmUp: readonly PromiseSettledResult<Float32Array[]>[]): Float32Array | undefined {
  const failed = warmUp.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return warmUp[0]?.status === 'fulfilled' ? warmUp[0].value[0] : undefined;
}
