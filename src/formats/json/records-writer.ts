import type { LogRecord } from '../../log-record.js';
import type { AnswerStyle, AnswerWriter, RecordChunk } from '../format.js';
import { withLabel } from './label-splice.js';
import type { RecordShape } from './record-shape.js';

/** Consecutive records that were JSON objects. */
export interface JsonChunk extends RecordChunk {
  readonly records: readonly LogRecord[];
  /** For each record, its object as it stands in the input. */
  readonly texts: readonly string[];
  /** For each record, the shape of its object. */
  readonly shapes: readonly RecordShape[];
}

/** Creates a writer for NDJSON: each object with its label, on a line of its own. */
export function ndjsonWriter({ details }: AnswerStyle): AnswerWriter<JsonChunk> {
  return {
    mediaType: 'application/x-ndjson; charset=utf-8',
    begin: () => '',
    chunk(chunk, labels) {
      let text = '';
      chunk.records.forEach((record, i) => {
        text += `${onOneLine(labelled(chunk, i, record, labels[i], details))}\n`;
      });
      return text;
    },
    end: () => '',
  };
}

/** Creates a writer for a JSON list: each object with its label, in the order of the input. */
export function listWriter({ details }: AnswerStyle): AnswerWriter<JsonChunk> {
  let separator = '\n';
  return {
    mediaType: 'application/json; charset=utf-8',
    begin: () => '[',
    chunk(chunk, labels) {
      let text = '';
      chunk.records.forEach((record, i) => {
        text += separator + labelled(chunk, i, record, labels[i], details);
        separator = ',\n';
      });
      return text;
    },
    end: () => '\n]\n',
  };
}

type Label = Parameters<AnswerWriter['chunk']>[1][number];

function labelled(
  { texts, shapes }: JsonChunk,
  index: number,
  record: LogRecord,
  label: Label | undefined,
  hasDetails: boolean,
): string {
  const text = texts[index];
  const shape = shapes[index];
  if (text === undefined || shape === undefined || label === undefined)
    throw new Error('A record has no label.');
  return withLabel(text, shape, record, label, hasDetails);
}

/** Removes line breaks and the indentation after them. JSON has line breaks between its parts only, never in a string. */
function onOneLine(text: string): string {
  return text.includes('\n') || text.includes('\r') ? text.replace(/[\r\n]+[ \t]*/g, '') : text;
}
