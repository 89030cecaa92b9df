/** What the client should know of an answer that is whole all the same. */
export interface Warning {
  code: 'llm-unavailable' | 'blank-lines';
  /** Rows or lines that it is about. */
  count: number;
  message: string;
}

const messages: Record<Warning['code'], string> = {
  'llm-unavailable':
    'These rows belong to the LLM, which could not be asked; rules and embeddings labelled them instead.',
  'blank-lines': 'Blank lines in the file were left out.',
};

/** The warnings with something to say, from their counts. */
export function warningsOf(counts: Record<Warning['code'], number>): Warning[] {
  return (Object.keys(messages) as Warning['code'][])
    .filter((code) => counts[code] > 0)
    .map((code) => ({ code, count: counts[code], message: messages[code] }));
}
