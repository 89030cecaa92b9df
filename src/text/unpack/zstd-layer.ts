import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { Places } from './places.js';
import { cutOff, damaged } from './unpack-errors.js';
import type { UnpackMeter } from './unpack-meter.js';
import { ZstdFrames, type ZstdPart } from './zstd-frames.js';

/** How much may come out of one batch, before the reader has taken it. */
const BATCH_OUTPUT = 1024 * 1024;
const BATCH_INPUT = 256 * 1024;

/** A batch takes a few milliseconds. Crafted data can keep the decoder busy for ever. */
const BATCH_TIMEOUT_MS = 10_000;

/** The uploads that have threads. Each thread takes some 40 MB. */
const threadPlaces = new Places(4);

/**
 * Runs in a thread of its own: fzstd is synchronous, and crafted tables make it loop without end. It keeps a reference to
 * each chunk that ends exactly with a block, so each push ends with the first byte of the next block instead.
 */
const workerCode = `
const { parentPort, workerData } = require('node:worker_threads');
const { Decompress } = require(workerData);
let frame, waiting, out;
parentPort.on('message', (parts) => {
  out = [];
  try {
    for (const { isStart, isEnd, bytes } of parts) {
      if (isStart) frame = new Decompress((piece) => { if (piece.length > 0) out.push(piece); });
      else frame.push(Buffer.concat([waiting, bytes.subarray(0, 1)]), false);
      waiting = isStart ? bytes : bytes.subarray(1);
      if (isEnd) frame.push(waiting, true);
    }
    parentPort.postMessage({ out });
  } catch (error) {
    parentPort.postMessage({ out: [], error: String(error && error.message) });
  }
});
`;

interface Answer {
  out: Uint8Array[];
  error?: string;
}

/**
 * Unpacks Zstandard, with several frames and skippable ones. Checksums are not verified. At most four uploads are
 * unpacked at the same time; others wait.
 * @param timeoutMs how long the decoder may take for 1 MiB of output
 * @throws AppError `unpack_failed` for damaged data with its offset, for data that is cut off, and for what `ZstdFrames`
 *   refuses
 * @throws the error of `meter` and of the source
 */
export async function* unzstd(
  source: AsyncGenerator<Uint8Array>,
  meter: UnpackMeter,
  timeoutMs = BATCH_TIMEOUT_MS,
): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  let decoder: ZstdThread | undefined;
  await threadPlaces.take(meter);
  try {
    decoder = new ZstdThread(timeoutMs);
    for await (const chunk of source) {
      for (const batch of batches(frames.split(chunk))) {
        for (const piece of await decoder.decode(batch, frames.offset)) {
          meter.unpacked(piece.length);
          yield piece;
        }
      }
    }
    if (!frames.isComplete) throw cutOff('Zstandard', frames.offset);
  } finally {
    await decoder?.close();
    threadPlaces.release(meter);
    await source.return(undefined);
  }
}

function* batches(parts: Iterable<ZstdPart>): Generator<ZstdPart[]> {
  let batch: ZstdPart[] = [];
  let size = { input: 0, output: 0 };
  for (const part of parts) {
    batch.push(part);
    size = { input: size.input + part.bytes.length, output: size.output + part.maxOutput };
    if (size.input < BATCH_INPUT && size.output < BATCH_OUTPUT) continue;
    yield batch;
    batch = [];
    size = { input: 0, output: 0 };
  }
  if (batch.length > 0) yield batch;
}

class ZstdThread {
  readonly #worker: Worker;
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;

  constructor(private readonly timeoutMs: number) {
    this.#worker = new Worker(workerCode, {
      eval: true,
      workerData: createRequire(import.meta.url).resolve('fzstd'),
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
    });
    this.#worker.on('message', (answer: Answer) => this.#settle?.resolve(answer));
    this.#worker.on('error', (error) => this.#settle?.reject(error));
    this.#worker.on('exit', () => this.#settle?.reject(new Error('The thread of the decoder has ended.')));
  }

  async decode(parts: readonly ZstdPart[], offset: number): Promise<Uint8Array[]> {
    const answer = await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        resolve({ out: [], error: 'takes too long' });
      }, this.timeoutMs);
      this.#settle = {
        resolve: (given) => {
          clearTimeout(timer);
          resolve(given);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      this.#worker.postMessage(parts);
    });
    if (answer.error !== undefined) throw damaged('Zstandard', `says "${answer.error}"`, offset);
    return answer.out;
  }

  async close(): Promise<void> {
    this.#settle = undefined;
    await this.#worker.terminate();
  }
}
