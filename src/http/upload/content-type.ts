/** Explains to a client how to send logs after a request that the server does not support. */
export const HOW_TO_SEND =
  'Send a CSV as a form (curl -F file=@logs.csv) or with "Content-Type: text/csv", or logs as "Content-Type: application/json".';

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
