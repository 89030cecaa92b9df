import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Prediction } from './head.js';

/** A record: the template's hash, the confidence, the label's place in the head, the CRC-32 of all that. */
export const RECORD_BYTES = 32;
const HASH_BYTES = 16;
const CONFIDENCE_AT = HASH_BYTES;
const LABEL_AT = CONFIDENCE_AT + 8;
const CHECKSUM_AT = LABEL_AT + 4;

/** Predictions as bytes, each by its template's hash: nobody can read a log line in them. */
export class PredictionRecords {
  readonly #places: ReadonlyMap<string, number>;

  /** @param labels of the head that the predictions are of */
  constructor(private readonly labels: readonly string[]) {
    this.#places = new Map(labels.map((label, place) => [label, place]));
  }

  encode(template: string, { label, confidence }: Prediction): Buffer {
    const record = Buffer.alloc(RECORD_BYTES);
    record.write(hashOf(template), 'latin1');
    record.writeDoubleLE(confidence, CONFIDENCE_AT);
    record.writeUInt32LE(this.#places.get(label) ?? this.labels.length, LABEL_AT);
    record.writeUInt32LE(checksumOf(record), CHECKSUM_AT);
    return record;
  }

  /**
   * What whole records hold, found by template; a later one counts. Damaged records count as not there.
   * @param bytes kept as they are; a part of a record behind the last is left out
   */
  decode(bytes: Buffer): { size: number; get: (template: string) => Prediction | undefined } {
    const found = new Map<string, number>();
    for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
      const record = bytes.subarray(at, at + RECORD_BYTES);
      if (checksumOf(record) !== record.readUInt32LE(CHECKSUM_AT)) continue;
      found.set(record.toString('latin1', 0, HASH_BYTES), at);
    }
    return {
      size: found.size,
      get: (template) => {
        const at = found.get(hashOf(template));
        const label = at === undefined ? undefined : this.labels[bytes.readUInt32LE(at + LABEL_AT)];
        if (at === undefined || label === undefined) return undefined;
        return { label, confidence: bytes.readDoubleLE(at + CONFIDENCE_AT) };
      },
    };
  }
}

/** Of UTF-16 as it is: in UTF-8 two templates with different halves of characters would be one. */
function hashOf(template: string): string {
  const hash = createHash('sha256').update(Buffer.from(template, 'utf16le')).digest();
  return hash.toString('latin1', 0, HASH_BYTES);
}

function checksumOf(record: Buffer): number {
  return crc32(record.subarray(0, CHECKSUM_AT));
}
