import { csvAnswerOfRecords } from './csv/records-answer.js';
import type { AnswerKind, AnswerStyle, AnswerWriter, Input, RecordChunk } from './format.js';
import { ndjsonAnswerOfRecords, resultsAnswer } from './json/results-answer.js';

/**
 * Creates the writer of an answer: the input's own format, or another kind that the client asks for.
 * @param kind the kind that the client asks for; undefined if it has no preference
 */
export function createAnswerWriter<Chunk extends RecordChunk>(
  input: Pick<Input<Chunk>, 'answerKind' | 'answerWriter' | 'ndjsonWriter'>,
  kind: AnswerKind | undefined,
  style: AnswerStyle,
): AnswerWriter<Chunk> {
  if (kind === undefined || kind === input.answerKind) return input.answerWriter(style);
  switch (kind) {
    case 'csv':
      return csvAnswerOfRecords(style);
    case 'ndjson':
      return input.ndjsonWriter?.(style) ?? ndjsonAnswerOfRecords();
    case 'json':
      return resultsAnswer();
  }
}
