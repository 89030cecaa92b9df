import { join } from 'node:path';
import { z } from 'zod';
import { readRegularText } from '../../files/regular-file.js';

/** Templates handed to a thread at once, at the most: enough that messages between threads do not count. */
export const TEMPLATES_A_TASK = 16;

/** Turns templates into sentence embeddings. */
export interface Encoder {
  /** Names the weights and their quantisation: a head is good for one encoder only. */
  readonly id: string;
  /** Changes with what it makes of a text, to the last bit: with weights, library and kind of processor. */
  readonly fingerprint: string;
  /** Length of every embedding. */
  readonly dimension: number;
  /** Encoders that work side by side; more calls at once only wait. */
  readonly threads: number;
  /** One L2-normalised embedding for each template, in order; each depends on its own template alone. */
  encode(templates: readonly string[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** The files that the encoder is loaded from: what the manifest must vouch for. */
const LOADED_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx'];

const manifest = z.object({
  id: z.string().min(1),
  dimension: z.int().positive(),
  maxTokens: z.int().positive(),
  /** Size and SHA-256 of each file, by its path in the folder. */
  files: z
    .record(z.string(), z.object({ bytes: z.int(), sha256: z.string() }))
    .refine((files) => LOADED_FILES.every((name) => Object.hasOwn(files, name)), {
      error: `must hold ${LOADED_FILES.join(', ')}`,
    }),
});

/** What the folder of an encoder says of itself in its manifest.json. */
export type EncoderManifest = z.infer<typeof manifest>;

/** The encoder's folder cannot be used; the message names it and says what is expected there. */
export class EncoderError extends Error {
  override name = 'EncoderError';
}

/** @throws EncoderError when the folder has no manifest or it does not fit. */
export async function readManifest(dir: string): Promise<EncoderManifest> {
  const path = join(dir, 'manifest.json');
  try {
    return manifest.parse(JSON.parse(await readRegularText(path)));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new EncoderError(
      `${path}: ${reason}. ENCODER_DIR must be a folder made by scripts/export_encoder.py.`,
      { cause: error },
    );
  }
}
