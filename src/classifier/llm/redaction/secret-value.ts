const HTML_QUOTE = '&(?:quot|apos|#0?3[49]);';

/**
 * The forms of a value in quotes or brackets. A value that is not closed extends to the end of the text. No alternative
 * can fail after its first characters have matched, so the time is linear.
 */
const quotedForms = [
  // JSON inside JSON, several levels deep.
  String.raw`\\{2,7}["'][^"']*["']?`,
  // JSON inside JSON: the closing quote has one backslash, a quote inside the value has three.
  String.raw`\\"(?:[^"\\]|\\\\(?:\\")?|\\[^"\\])*(?:\\?")?`,
  String.raw`\\'[^']*'?`,
  // Doubled quotes, as inside a CSV cell.
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

/** The text after `,`, `;` or `&` if it ends a value: white space, a quote or a name. */
const NEXT_FIELD = String.raw`(?:\s|$|["'\\{[]|[\w.$%[\]-]{1,40}["']?(?:=|:(?!\/\/)|%3d)|[\w -]{1,24}=)`;

/** A character of a value without quotes. A quote is part of the value unless it closes a quoted text around it. */
const PLAIN_CHARACTER = String.raw`(?:[^\s,;&"'<]|[,;&](?!${NEXT_FIELD})|["'](?![\s,;:)\]}>\\]|$)|<(?!\/[a-z]|br\b))`;

/** Text directly after a closing quote is part of the value: `'a'||'b'`, `"a"b`. */
const TAIL = String.raw`(?:(?!\/?>|[\s,;:.)\]}&<\\"']|$)${PLAIN_CHARACTER}+["']?)?`;

/** An authentication scheme before a value, or the indicator of a YAML block. */
const PREFIX = String.raw`(?:(?:bearer|basic|digest|token|negotiate|ntlm|api-?key|aws4-hmac-sha256)\s{1,5}|[|>][+-]?\s{1,20})?`;

/** A value in quotes or brackets. */
export const QUOTED_VALUE = String.raw`(?:(?:${quotedForms.join('|')})${TAIL})`;
/** A value, with or without quotes. */
export const SECRET_VALUE = String.raw`(?:${QUOTED_VALUE}|${PREFIX}${PLAIN_CHARACTER}+)`;
