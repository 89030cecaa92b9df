const HTML_QUOTE = '&(?:quot|apos|#0?3[49]);';

/**
 * A value in quotes or brackets, of which one that is not closed runs to the end. No alternative can fail once its
 * first characters have matched.
 */
const quotedForms = [
  // JSON within JSON, several levels deep.
  String.raw`\\{2,7}["'][^"']*["']?`,
  // JSON within JSON: the quote that ends it has one backslash, a quote within it has three.
  String.raw`\\"(?:[^"\\]|\\\\(?:\\")?|\\[^"\\])*(?:\\?")?`,
  String.raw`\\'[^']*'?`,
  // Doubled quotes, as CSV writes them within a cell.
  String.raw`""(?=[^\s"',;:.)\]}&<])[^"]*(?:"")?`,
  String.raw`"(?:[^"\\]|\\[\s\S])*"?`,
  String.raw`'(?:[^'\\]|\\[\s\S]|'')*'?`,
  '\x60[^\x60]*\x60?',
  '“[^”]*”?',
  '„[^“”]*[“”]?',
  '‘[^’]*’?',
  '«[^»]*»?',
  String.raw`${HTML_QUOTE}(?:(?!${HTML_QUOTE})[\s\S])*(?:${HTML_QUOTE})?`,
  String.raw`\{[^{}]*\}?`,
  String.raw`\[[^\]]*\]?`,
];

/** Where one of `,;&` ends a value: at its line's next word, next quoted name, or next `name=`. Else it is part of it. */
const NEXT_FIELD = String.raw`(?:\s|$|["'\\{[]|[\w.$%[\]-]{1,40}["']?(?:=|:(?!\/\/)|%3d)|[\w -]{1,24}=)`;

/** A character of a value without quotes. A quote belongs to it unless it ends what surrounds the value. */
const PLAIN_CHARACTER = String.raw`(?:[^\s,;&"'<]|[,;&](?!${NEXT_FIELD})|["'](?![\s,;:)\]}>\\]|$)|<(?!\/[a-z]|br\b))`;

/** What follows a closing quote directly is still the value: `'a'||'b'`, `"a"b`. */
const TAIL = String.raw`(?:(?!\/?>|[\s,;:.)\]}&<\\"']|$)${PLAIN_CHARACTER}+["']?)?`;

/** The name of an authentication scheme before a value, or the mark of a YAML block. */
const PREFIX = String.raw`(?:(?:bearer|basic|digest|token|negotiate|ntlm|api-?key|aws4-hmac-sha256)\s{1,5}|[|>][+-]?\s{1,20})?`;

/** A value in quotes or brackets. */
export const QUOTED_VALUE = String.raw`(?:(?:${quotedForms.join('|')})${TAIL})`;
/** A value, with or without quotes. */
export const SECRET_VALUE = String.raw`(?:${QUOTED_VALUE}|${PREFIX}${PLAIN_CHARACTER}+)`;
