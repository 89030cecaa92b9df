/** The characters that structure JSON, by their codes. */
export const CHAR = {
  tab: 0x09,
  newline: 0x0a,
  return: 0x0d,
  /** Precedes each record of a JSON text sequence (RFC 7464). */
  recordSeparator: 0x1e,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
  byteOrderMark: 0xfeff,
} as const;

/** Returns whether a character is white space in JSON. */
export function isBlank(code: number): boolean {
  return code === CHAR.space || code === CHAR.newline || code === CHAR.return || code === CHAR.tab;
}

/** Returns whether a character may stand before a record and is ignored: a record separator or a byte order mark. */
export function isRecordMark(code: number): boolean {
  return code === CHAR.recordSeparator || code === CHAR.byteOrderMark;
}
