import { crc32 } from 'node:zlib';
import { digestOf } from '../template/template-digest.js';
import type { Prediction } from './head.js';

/** An entry: the template's hash, the confidence, the label's index in the head, and the CRC-32 of these fields. */
export const ENTRY_BYTES = 32;
const HASH_BYTES = 16;
const CONFIDENCE_AT = HASH_BYTES;
const LABEL_AT = CONFIDENCE_AT + 8;
const CHECKSUM_AT = LABEL_AT + 4;

/** Returns the first 128 bits of the template's digest, one character per byte. */
export function hashOf(template: string): string {
  return digestOf(template).toString('latin1', 0, HASH_BYTES);
}

/** Encodes predictions as entries of `ENTRY_BYTES` bytes, for the labels of one head. */
export class PredictionCodec {
  readonly #labelIndexes: ReadonlyMap<string, number>;

  constructor(private readonly labels: readonly string[]) {
    this.#labelIndexes = new Map(labels.map((label, index) => [label, index]));
  }

  /** Returns the entry of a prediction. @param hash as returned by `hashOf` */
  encode(hash: string, { label, confidence }: Prediction): Buffer {
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.write(hash, 'latin1');
    entry.writeDoubleLE(confidence, CONFIDENCE_AT);
    entry.writeUInt32LE(this.#labelIndexes.get(label) ?? this.labels.length, LABEL_AT);
    entry.writeUInt32LE(checksumOf(entry), CHECKSUM_AT);
    return entry;
  }

  /** Decodes entries in order. Skips damaged entries and those whose confidence is not finite. */
  *decode(bytes: Buffer): Generator<[hash: string, prediction: Prediction]> {
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const entry = bytes.subarray(at, at + ENTRY_BYTES);
      const label = this.labels[entry.readUInt32LE(LABEL_AT)];
      if (label === undefined || checksumOf(entry) !== entry.readUInt32LE(CHECKSUM_AT)) continue;
      const confidence = entry.readDoubleLE(CONFIDENCE_AT);
      if (!Number.isFinite(confidence)) continue;
      yield [entry.toString('latin1', 0, HASH_BYTES), { label, confidence }];
    }
  }
}

function checksumOf(entry: Buffer): number {
  return crc32(entry.subarray(0, CHECKSUM_AT));
}
