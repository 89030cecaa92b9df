/** Explains to a client how to send logs after a request that the server does not support. */
export const HOW_TO_SEND =
  'Send a file as a form (curl -F file=@app.log), or the logs as the body with "Content-Type: text/csv", "text/plain", "application/x-ndjson" or "application/json".';

/** The media types of bodies. The content decides the format; the type decides where the content fits several. */
export const BODY_TYPES: ReadonlySet<string> = new Set([
  'text/csv',
  'application/csv',
  'text/tab-separated-values',
  'text/plain',
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
  'application/json-seq',
  'application/octet-stream',
  'application/gzip',
  'application/x-gzip',
  'application/zstd',
  'application/zip',
  'application/x-zip-compressed',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
]);

/** Parses a Content-Type header. Returns the media type in lower case and the charset; undefined for what is missing. */
export function parseContentType(header: string | undefined): {
  mediaType: string | undefined;
  charset: string | undefined;
} {
  const [type = '', ...parameters] = (header ?? '').split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => /^charset=/i.test(parameter))
    ?.slice('charset='.length)
    .replace(/^"(.*)"$/, '$1');
  const orUndefined = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
  return { mediaType: orUndefined(type.trim().toLowerCase()), charset: orUndefined(charset) };
}
