/**
 * The Content-Disposition of an answer: the upload's name with `_classified` before `.csv` (or `.json`).
 * Safe for any name: the plain form holds letters, digits and `._-` only; the extended form (RFC 8187, which
 * RFC 6266 uses and which replaced RFC 5987) carries the rest, percent-encoded.
 */
export function contentDisposition(uploadName: string | undefined, extension: 'csv' | 'json'): string {
  const stem = (uploadName ?? '')
    .toWellFormed()
    .split(/[/\\]/)
    .pop()
    ?.replace(/\.(?:csv|tsv|txt|json)$/i, '')
    // Control characters, and those that turn the direction of text to dress up a name.
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim()
    .slice(0, 150);
  const name = `${stem === undefined || stem === '' ? 'logs' : stem}_classified.${extension}`.toWellFormed();
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeExtended(name)}`;
}

/** encodeURIComponent leaves four characters alone that the header's syntax does not allow. */
function encodeExtended(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
