import { join } from 'node:path';
import { z } from 'zod';
import { readRegularText } from '../../files/regular-file.js';
import { measurement } from './measurement.js';

/**
 * Upper bound on the templates of one batch: a message to a worker thread. The thread encodes them one by one. At 16 the
 * cost of the messages is negligible.
 */
export const MAX_BATCH_TEMPLATES = 16;

/** Turns templates into sentence embeddings. */
export interface Encoder {
  /** Names the weights and their quantisation. A head works only with the encoder that it was trained on. */
  readonly id: string;
  /** Changes if the same text gets another embedding, even in the last bit: by weights, library or processor. */
  readonly fingerprint: string;
  /** The number of values in an embedding. */
  readonly dimension: number;
  /** The labelled lines that its weights were tuned on; undefined if they were not tuned on labelled lines. */
  readonly tuning?: EncoderTuning | undefined;
  /** The number of worker threads. */
  readonly threads: number;
  /** Returns one L2-normalised embedding per template, in order. Each depends only on its own template. */
  encode(templates: readonly string[]): Promise<Float32Array[]>;
  /** Waits for the running batches, then stops the threads. Later calls of `encode` reject. */
  close(): Promise<void>;
}

/** The files that the encoder loads. The manifest must list all of them. */
const LOADED_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];

const tuning = z.object({
  /** The SHA-256 of the file of labelled lines. */
  lines: z.object({ sha256: z.string() }),
  /**
   * Cross-validation on these lines, each fold with an encoder that was tuned without the families of the fold. With the
   * finished encoder this cannot be measured, because it has seen all families.
   */
  heldOut: measurement,
});

/** What an encoder was tuned on. */
export type EncoderTuning = Readonly<z.infer<typeof tuning>>;

const manifest = z.object({
  id: z.string().min(1),
  dimension: z.int().positive(),
  maxTokens: z.int().positive(),
  tuning: tuning.optional(),
  /** Size and SHA-256 of each file, by its path in the folder. */
  files: z
    .record(z.string(), z.object({ bytes: z.int(), sha256: z.string() }))
    .refine((files) => LOADED_FILES.every((name) => Object.hasOwn(files, name)), {
      error: `must list ${LOADED_FILES.join(', ')}`,
    }),
});

/** The content of manifest.json in the encoder's folder. */
export type EncoderManifest = z.infer<typeof manifest>;

/** Thrown when the encoder cannot be used. The message names the file or folder and says how to fix it. */
export class EncoderError extends Error {
  override name = 'EncoderError';
}

/**
 * Reads manifest.json from the encoder's folder.
 * @throws EncoderError when the file cannot be read or does not match the schema
 */
export async function readManifest(dir: string): Promise<EncoderManifest> {
  const path = join(dir, 'manifest.json');
  try {
    return manifest.parse(JSON.parse(await readRegularText(path)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new EncoderError(
      `${path}: ${reason}. ENCODER_DIR must be a folder made by scripts/export_encoder.py or scripts/tune_encoder.py.`,
      { cause: error },
    );
  }
}
