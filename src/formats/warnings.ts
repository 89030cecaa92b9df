/** Something the client should know about a complete answer. */
export interface Warning {
  code: WarningCode;
  /** The number of records, lines, bytes or sheets concerned. */
  count: number;
  /** The header shows this instead of the count, such as the name of a guessed encoding. */
  value?: string;
  /** The warning as a sentence, for people. */
  message: string;
}

/** The stable name of a warning, for programs. */
export type WarningCode = keyof typeof sentences;

const counted = (count: number | string, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

/** The sentence of each warning, from its count or its value. */
const sentences = {
  'llm-unavailable': (count) =>
    `The LLM was not available for ${counted(count, 'record')}. Rules or the embedding tier gave the label instead.`,
  'blank-lines': (count) => `The server skipped ${counted(count, 'blank line')}.`,
  'rows-skipped': (count) => `The answer leaves out ${counted(count, 'record')} that could not be read.`,
  'bytes-replaced': (count) =>
    `${counted(count, 'byte')} could not be decoded. The replacement character (U+FFFD) stands for each.`,
  'encoding-guessed': (encoding) =>
    `The input does not state its encoding. It was read as ${encoding}. If letters look wrong, set the parameter encoding.`,
  'input-truncated': () => 'The compressed data is cut off. The answer covers only what could be unpacked.',
  'empty-messages': (count) => `${counted(count, 'record')} had an empty message. The label is Unclassified.`,
  'message-cut': (count) =>
    `Only parts of ${counted(count, 'long message')} were read: the start and the end, or the first fields of an object.`,
  'sheets-left-out': (count) =>
    `The server read one sheet of the workbook and left out ${counted(count, 'other')}. Set the parameter sheet to the name of another one to read it.`,
  'target-label-overwritten': (count) =>
    `${counted(count, 'record')} already had a label in target_label. The answer has the new label instead.`,
} as const satisfies Record<string, (found: number | string) => string>;

/** What the counts of a warning may be: a number of things, or a name such as an encoding. */
export type WarningCounts = Partial<Record<WarningCode, number | string>>;

/** Returns a warning for each count above 0 and for each name. */
export function warningsOf(counts: WarningCounts): Warning[] {
  return (Object.keys(sentences) as WarningCode[]).flatMap((code) => {
    const found = counts[code];
    if (found === undefined || found === 0) return [];
    const message = sentences[code](found);
    return typeof found === 'number'
      ? [{ code, count: found, message }]
      : [{ code, count: 1, value: found, message }];
  });
}
