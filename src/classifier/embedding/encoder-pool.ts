import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { versionOf } from '../version-of.js';
import { checkContents, checkSizes } from './encoder-files.js';
import { EncoderError, readManifest, TEMPLATES_A_TASK, type Encoder } from './encoder.js';

// onnxruntime reports on its use to its maker unless told not to, and reads this from the process itself: what
// a worker thread sets is not seen. So it is set here, on the main thread, before the first worker starts.
process.env.ORT_DISABLE_TELEMETRY = '1';

/**
 * A text longer than the encoder reads, so that warming up allocates what the longest line will need; of letters of
 * several kinds, so that another tokenizer or cut shows in its embedding too.
 */
const WARM_UP_TEXT = 'Warm-up: Größe 0x7F, 50 % of ÀÉÎ für unaffordable 漢字 '.repeat(40);

/**
 * Opens an encoder on its own worker threads, each with a session of its own, warmed by a real inference:
 * when this resolves, the encoder works. Inference never runs on the caller's thread.
 * @throws EncoderError when the folder is not an encoder's or its model does not load or has another dimension.
 */
export async function openEncoderPool(options: {
  dir: string;
  threads: number;
  /** The compiled worker; only tests that run from source name another. */
  workerFile?: URL;
}): Promise<Encoder> {
  const { dir, threads, workerFile = new URL('./worker.js', import.meta.url) } = options;
  const { id, dimension, files } = await readManifest(dir);
  await checkSizes(dir, files);
  const pool = new Piscina<readonly string[], Float32Array[]>({
    filename: fileURLToPath(workerFile),
    minThreads: threads,
    maxThreads: threads,
    workerData: { dir },
    // Nobody reads its statistics.
    recordTiming: false,
  });

  let closing: Promise<void> | undefined;
  const running = new Set<Promise<unknown>>();
  const run = async (templates: readonly string[]): Promise<Float32Array[]> => {
    // Piscina itself would start another worker for it.
    if (closing) throw new Error('The encoder is closed.');
    const task = pool.run(templates);
    running.add(task);
    return task.finally(() => running.delete(task));
  };
  const encode = async (templates: readonly string[]): Promise<Float32Array[]> => {
    const tasks: Promise<Float32Array[]>[] = [];
    for (let start = 0; start < templates.length; start += TEMPLATES_A_TASK) {
      tasks.push(run(templates.slice(start, start + TEMPLATES_A_TASK)));
    }
    return (await Promise.all(tasks)).flat();
  };
  const end = async (): Promise<void> => {
    // If a thread is stopped while it loads or runs an inference, onnxruntime aborts the whole process.
    await Promise.allSettled(running);
    await pool.destroy();
  };
  const close = (): Promise<void> => (closing ??= end());

  try {
    // One task a thread at once, so that every thread has loaded and none of them is warmed twice.
    const warm = Promise.allSettled(Array.from({ length: threads }, () => run([WARM_UP_TEXT])));
    // Checked while the threads load. An error about a wrong file goes before any error from loading it.
    await checkContents(dir, files);
    const embedding = firstOf(await warm);
    if (embedding?.length !== dimension) {
      throw new Error(
        `its embeddings have ${String(embedding?.length)} numbers, its manifest says ${dimension}`,
      );
    }
    const fingerprint = versionOf(new Uint8Array(embedding.buffer));
    return { id, fingerprint, dimension, threads, encode, close };
  } catch (error) {
    await close();
    if (error instanceof EncoderError) throw error;
    throw new EncoderError(`The encoder in ${dir} does not load: ${String(error)}`, { cause: error });
  }
}

/** The embedding that the first thread made. @throws what any of the threads has failed with */
function firstOf(warm: readonly PromiseSettledResult<Float32Array[]>[]): Float32Array | undefined {
  const failed = warm.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return warm[0]?.status === 'fulfilled' ? warm[0].value[0] : undefined;
}
