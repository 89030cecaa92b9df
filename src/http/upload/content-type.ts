/** The media type in lower case and its charset, from a Content-Type header; both undefined if there is none. */
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
  const given = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
  return { mediaType: given(type.trim().toLowerCase()), charset: given(charset) };
}
