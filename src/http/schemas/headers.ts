/** The header of every answer, as JSON schema. */
export const everyAnswersHeaders = {
  'X-Request-Id': {
    type: 'string',
    description:
      'The X-Request-Id of the request if it has 1 to 128 letters, digits, dots, underscores and hyphens; else a new one. It is in the log lines of the request too.',
  },
} as const;

/** The headers of an answer with labels, as JSON schemas. */
export const labelledAnswersHeaders = {
  'X-Classifier-Version': {
    type: 'string',
    description: 'Changes with the head, the rules, the labels and the encoder that the labels come from.',
  },
  'X-Classified-Rows': { type: 'integer', description: 'The number of lines that were labelled.' },
  'X-Classified-Warnings': {
    type: 'string',
    description: 'Counts of what a person should know, such as llm-unavailable=2; absent if there are none.',
  },
} as const;
