import { crc32 } from 'node:zlib';
import { digestOf } from '../template/template-digest.js';
import type { Prediction } from './head.js';

/** A record: the template's hash, the confidence, the label's place in the head, the CRC-32 of all that. */
export const RECORD_BYTES = 32;
const HASH_BYTES = 16;
const CONFIDENCE_AT = HASH_BYTES;
const LABEL_AT = CONFIDENCE_AT + 8;
const CHECKSUM_AT = LABEL_AT + 4;

/** What a record names its template by: 128 bits of its digest. */
export function hashOf(template: string): string {
  return digestOf(template).toString('latin1', 0, HASH_BYTES);
}

/** Predictions by the labels of one head, as bytes. */
export class PredictionRecords {
  readonly #places: ReadonlyMap<string, number>;

  constructor(private readonly labels: readonly string[]) {
    this.#places = new Map(labels.map((label, place) => [label, place]));
  }

  encode(hash: string, { label, confidence }: Prediction): Buffer {
    const record = Buffer.alloc(RECORD_BYTES);
    record.write(hash, 'latin1');
    record.writeDoubleLE(confidence, CONFIDENCE_AT);
    record.writeUInt32LE(this.#places.get(label) ?? this.labels.length, LABEL_AT);
    record.writeUInt32LE(checksumOf(record), CHECKSUM_AT);
    return record;
  }

  /** What whole records hold, in order; damaged ones, and those of a broken embedding, are left out. */
  *decode(bytes: Buffer): Generator<[hash: string, prediction: Prediction]> {
    for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const record = bytes.subarray(at, at + RECORD_BYTES);
      const label = this.labels[record.readUInt32LE(LABEL_AT)];
      if (label === undefined || checksumOf(record) !== record.readUInt32LE(CHECKSUM_AT)) continue;
      const confidence = record.readDoubleLE(CONFIDENCE_AT);
      if (!Number.isFinite(confidence)) continue;
      yield [record.toString('latin1', 0, HASH_BYTES), { label, confidence }];
    }
  }
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(0, CHECKSUM_AT));
}
