import type { AnswerKind } from './format.js';

/**
 * Returns the file name of an answer: the name of the input with a suffix before the ending of the answer. Folders,
 * control and format characters are left out.
 */
export function answerName(
  inputName: string | undefined,
  kind: AnswerKind | 'parquet',
  suffix: 'classified' | 'rejected' = 'classified',
): string {
  const stem = (inputName ?? '')
    .toWellFormed()
    .split(/[/\\]/)
    .pop()
    ?.replace(/\.(?:gz|zst|br|zip)$/i, '')
    .replace(/\.(?:csv|tsv|psv|txt|log|json|ndjson|jsonl|xlsx)$/i, '')
    // Some reverse the direction of text and can disguise a file name.
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 150);
  return `${stem === undefined || stem === '' ? 'logs' : stem}_${suffix}.${kind}`.toWellFormed();
}
