/** Something the client should know about a complete answer. */
export interface Warning {
  code: 'llm-unavailable' | 'blank-lines';
  /** The number of rows or lines concerned. */
  count: number;
  message: string;
}

const messages: Record<Warning['code'], string> = {
  'llm-unavailable':
    'The LLM was not available for these rows. Rules and the embedding tier labelled them instead.',
  'blank-lines': 'Blank lines in the file were skipped.',
};

/** Returns a warning for each count above 0. */
export function warningsOf(counts: Record<Warning['code'], number>): Warning[] {
  return (Object.keys(messages) as Warning['code'][])
    .filter((code) => counts[code] > 0)
    .map((code) => ({ code, count: counts[code], message: messages[code] }));
}
