import { createHash } from 'node:crypto';
import { redact } from './redaction/redact.js';

const MAX_MESSAGE_CHARS = 1_000;
const MAX_SOURCE_CHARS = 100;
/** The characters of a message that are redacted. Redaction shortens, so they are more than MAX_MESSAGE_CHARS. */
const MAX_RAW_CHARS = 4 * MAX_MESSAGE_CHARS;
/** The patterns recognise a longer token even if its end is missing. */
const MAX_TOKEN_CHARS = 1_024;
/** Maximum number of groups of digits in one number: an IBAN has nine, a phone number may have more. */
const MAX_GROUPS = 12;
/** Upper bound of messages and sources in one request: some 3,000 tokens. */
const MAX_REQUEST_CHARS = 10_000;

/** One question to the LLM. It represents all messages of one source with the same template. */
export interface Question {
  /** Identifies source, template, model and catalogue. Equal questions have equal keys. */
  readonly key: string;
  readonly source: string;
  /** Redacted and clipped. This text is sent to the LLM. */
  readonly message: string;
}

/**
 * Returns a function that computes the key of an item: the SHA-256, in base64, of scope, source and template. A digest
 * keeps the cache small where templates are long.
 * @param scope what else the label depends on: the model and the catalogue
 */
export function createKeyOf(scope: unknown, toTemplate: (message: string) => string) {
  const prefix = JSON.stringify(scope);
  return ({ source, message }: { source: string; message: string }): string =>
    createHash('sha256')
      .update(JSON.stringify([prefix, source, toTemplate(message)]))
      .digest('base64');
}

/** Creates the question for an item. Masks secrets and personal data, then clips message (1,000) and source (100). */
export function toQuestion(key: string, item: { source: string; message: string }): Question {
  return {
    key,
    source: clip(item.source, MAX_SOURCE_CHARS),
    message: clip(redactStart(item.message), MAX_MESSAGE_CHARS),
  };
}

/** Returns the start of a message, redacted. */
function redactStart(message: string): string {
  if (message.length <= MAX_RAW_CHARS) return redact(message);
  return dropUnfinished(redact(message.slice(0, MAX_RAW_CHARS)));
}

/**
 * Drops the last word of a truncated text, and up to MAX_GROUPS words with digits before it. They may be the start of
 * a token or of a grouped number that was not masked because its end was cut off.
 *
 * Of a last word longer than MAX_TOKEN_CHARS only that many characters are dropped. Tokens before them were complete,
 * so they have been masked.
 */
function dropUnfinished(text: string): string {
  const words = text.split(/(?<=\s)/);
  const last = words.pop() ?? '';
  for (let dropped = 0; dropped < MAX_GROUPS && /\d\S*\s$/.test(words.at(-1) ?? ''); dropped++) words.pop();
  return words.join('') + last.slice(0, -MAX_TOKEN_CHARS);
}

/** Clips a text and replaces lone surrogates, because some servers refuse JSON with them. The cut may leave one too. */
function clip(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(/\p{Surrogate}/gu, '\uFFFD');
}

/**
 * Splits questions into batches, in order. A batch has at most `perRequest` questions and 10,000 characters; a larger
 * question gets a batch to itself.
 */
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
