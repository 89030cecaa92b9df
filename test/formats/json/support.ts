import type { LogRecord, RecordLabel } from '../../../src/log-record.js';
import type {
  AnswerStyle,
  Input,
  InputDescription,
  ReadCounts,
  ReadOptions,
} from '../../../src/formats/format.js';
import { openJson } from '../../../src/formats/json/open-json.js';
import { openNdjson } from '../../../src/formats/json/open-ndjson.js';
import { optionsWith } from '../read-options.js';

/** The label that `readBack` gives to every record. */
export const LABEL: RecordLabel = { label: 'Über "L"', tier: 'rule', confidence: 1, rule: 'r7' };

/** How `readBack` opens and answers a text. */
export interface ReadBackOptions extends Partial<ReadOptions> {
  /** Opens as NDJSON instead of JSON. */
  ndjson?: boolean;
  /** The number of characters of a piece. Default: all. */
  pieceChars?: number;
  details?: boolean;
}

/** A text that was read and answered. */
export interface ReadBack {
  kind: string;
  description: InputDescription;
  counts: ReadCounts;
  records: LogRecord[];
  chunkSizes: number[];
  answer: string;
}

/** Yields a text in pieces. `state` tells how many were asked for and whether the text was closed. */
export function inPieces(
  text: string | Iterable<string>,
  size = Infinity,
): { text: AsyncGenerator<string, void>; state: { chars: number; isClosed: boolean } } {
  const state = { chars: 0, isClosed: false };
  async function* pieces(): AsyncGenerator<string, void> {
    try {
      for (const part of typeof text === 'string' ? [text] : text) {
        for (let at = 0; at < part.length; at += size) {
          const piece = part.slice(at, at + size);
          state.chars += piece.length;
          yield await Promise.resolve(piece);
        }
      }
    } finally {
      state.isClosed = true;
    }
  }
  return { text: pieces(), state };
}

/** Opens pieces of text. */
export function open(text: AsyncGenerator<string, void>, options: ReadBackOptions = {}): Promise<Input> {
  const { ndjson = false, ...others } = options;
  return (ndjson ? openNdjson : openJson)(
    text,
    optionsWith({ chunkRecords: 1_000, chunkChars: 1_000_000, ...others }),
  );
}

/** Reads a text completely and answers it with LABEL for each record. */
export async function readBack(text: string, options: ReadBackOptions = {}): Promise<ReadBack> {
  const input = await open(inPieces(text, options.pieceChars).text, options);
  const style: AnswerStyle = { details: options.details ?? false, bom: false };
  const writer = input.answerWriter(style);
  const records: LogRecord[] = [];
  const chunkSizes: number[] = [];
  let answer = writer.begin();
  for await (const chunk of input.chunks()) {
    records.push(...chunk.records);
    chunkSizes.push(chunk.records.length);
    answer += writer.chunk(chunk, Array<RecordLabel>(chunk.records.length).fill(LABEL));
  }
  answer += writer.end([]);
  const { answerKind: kind, description, counts } = input;
  return { kind, description, counts, records, chunkSizes, answer };
}

/** Returns the messages of a text. */
export async function messagesOf(text: string, options: ReadBackOptions = {}): Promise<string[]> {
  return (await readBack(text, options)).records.map(({ message }) => message);
}

/** Returns the error with which a text is refused. */
export function refusalOf(text: string, options: ReadBackOptions = {}): Promise<unknown> {
  return readBack(text, options).then(
    () => undefined,
    (error: unknown) => error,
  );
}
