import { answerName } from '../../formats/answer-name.js';

/**
 * Returns the Content-Disposition of an answer: the upload's name with a suffix before the ending of the answer.
 * Any name is safe. `filename` has only letters, digits and `._-`; `filename*` has the name percent-encoded (RFC 8187,
 * as RFC 6266 requires).
 */
export function contentDisposition(
  uploadName: string | undefined,
  extension: 'csv' | 'json' | 'ndjson' | 'parquet',
  suffix: 'classified' | 'rejected' = 'classified',
): string {
  const name = answerName(uploadName, extension, suffix);
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeExtended(name)}`;
}

/** Also encodes the four characters that encodeURIComponent keeps but RFC 8187 does not allow. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
