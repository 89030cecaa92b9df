import { createHash } from 'node:crypto';
import { redact } from './redaction/redact.js';

const MAX_MESSAGE_CHARS = 1_000;
const MAX_SOURCE_CHARS = 100;
/** Read before redaction, which shortens: enough for a full message, little enough for any pattern. */
const MAX_RAW_CHARS = 4 * MAX_MESSAGE_CHARS;
/** A longer token shows its shape before its end. */
const MAX_TOKEN_CHARS = 1_024;
/** The most groups of digits that a number is written in: an IBAN has nine, a phone number may have more. */
const MAX_GROUPS = 12;
/** Messages and sources of one request together: some 3,000 tokens. */
const MAX_REQUEST_CHARS = 10_000;

/** One thing to ask the LLM: a representative of all messages of one source with one template. */
export interface Question {
  /** Names source, template, model and catalogue: equal questions have equal keys. */
  readonly key: string;
  readonly source: string;
  /** Redacted and clipped: this is what leaves the machine. */
  readonly message: string;
}

/**
 * Gives items their key. The digest keeps a cache of long templates small.
 * @param scope what else an answer depends on: the model and the catalogue
 */
export function createKeyOf(scope: unknown, toTemplate: (message: string) => string) {
  const prefix = JSON.stringify(scope);
  return ({ source, message }: { source: string; message: string }): string =>
    createHash('sha256')
      .update(JSON.stringify([prefix, source, toTemplate(message)]))
      .digest('base64');
}

/** Makes the question of an item: secrets and personal data masked, then clipped to 1,000 characters (the source to 100). */
export function toQuestion(key: string, item: { source: string; message: string }): Question {
  return {
    key,
    source: clip(item.source, MAX_SOURCE_CHARS),
    message: clip(redactStart(item.message), MAX_MESSAGE_CHARS),
  };
}

/** The start of a message, masked. */
function redactStart(message: string): string {
  if (message.length <= MAX_RAW_CHARS) return redact(message);
  return dropUnfinished(redact(message.slice(0, MAX_RAW_CHARS)));
}

/**
 * Drops the last word of a text that was cut, and the words with digits before it: the start of a token, or of a
 * number in groups, has no longer the shape by which the whole would have been masked. Of a word that is longer than
 * any token, only the end is dropped: what is before that was masked with all of its tokens in sight.
 */
function dropUnfinished(text: string): string {
  const words = text.split(/(?<=\s)/);
  const last = words.pop() ?? '';
  for (let dropped = 0; dropped < MAX_GROUPS && /\d\S*\s$/.test(words.at(-1) ?? ''); dropped++) words.pop();
  return words.join('') + last.slice(0, -MAX_TOKEN_CHARS);
}

/** Cuts and mends: half a surrogate pair, the cut's or the input's own, makes JSON that some servers refuse. */
function clip(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Splits questions over requests, in order: at most `perRequest` and 10,000 characters in each. */
export function toBatches(questions: readonly Question[], perRequest: number): Question[][] {
  const batches: Question[][] = [];
  let room = 0;
  for (const question of questions) {
    const size = question.source.length + question.message.length;
    const last = batches.at(-1);
    if (last !== undefined && last.length < perRequest && size <= room) {
      last.push(question);
      room -= size;
    } else {
      batches.push([question]);
      room = MAX_REQUEST_CHARS - size;
    }
  }
  return batches;
}
