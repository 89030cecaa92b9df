/** Something the client should know about a complete answer. */
export interface Warning {
  code: WarningCode;
  /** The number of records, lines or bytes concerned. */
  count: number;
  /** The header shows this instead of the count, such as the name of a guessed encoding. */
  value?: string;
  message: string;
}

/** The stable name of a warning, for programs. */
export type WarningCode = keyof typeof messages;

const messages = {
  'llm-unavailable':
    'The LLM was not available for these records. Rules and the embedding tier labelled them instead.',
  'blank-lines': 'Blank lines in the input were skipped.',
  'rows-skipped': 'These records could not be read and were left out of the answer.',
  'bytes-replaced':
    'These bytes could not be decoded. Each was replaced by the replacement character (U+FFFD).',
  'encoding-guessed':
    'The input does not state its encoding. It was guessed. If letters look wrong, set the parameter encoding.',
  'input-truncated': 'The compressed data is cut off. The answer covers what could be unpacked.',
  'empty-messages': 'These records have an empty message. They are labelled Unclassified.',
  'message-cut':
    'These messages are long. Only their start and their end were read, or only the first fields of their object.',
  'target-label-overwritten': 'These records already had a label in target_label. It was replaced.',
} as const;

/** What the counts of a warning may be: a number of things, or a name such as an encoding. */
export type WarningCounts = Partial<Record<WarningCode, number | string>>;

/** Returns a warning for each count above 0 and for each name. */
export function warningsOf(counts: WarningCounts): Warning[] {
  return (Object.keys(messages) as WarningCode[]).flatMap((code) => {
    const found = counts[code];
    if (found === undefined || found === 0) return [];
    const message = messages[code];
    return typeof found === 'number'
      ? [{ code, count: found, message }]
      : [{ code, count: 1, value: found, message }];
  });
}
