/** Headers of every answer, as JSON schemas. */
export const everyAnswersHeaders = {
  'X-Request-Id': {
    type: 'string',
    description:
      'The X-Request-Id of the request if it consists of 1 to 128 letters, digits, dots, underscores and hyphens; otherwise a new id. Every line that the server logs for the request contains it.',
  },
} as const;

/** The headers of an answer with labels, as JSON schemas. */
export const labelledAnswersHeaders = {
  'X-Classifier-Version': {
    type: 'string',
    description: 'Identifies the combination of head, rules, label catalogue and encoder.',
  },
  'X-Corrections-Version': {
    type: 'string',
    description:
      'Identifies the corrections that people made, see GET /corrections. Absent if there are none.',
  },
  'X-Classified-Rows': { type: 'integer', description: 'The number of labelled lines.' },
  'X-Classified-Skipped': {
    type: 'string',
    description:
      'The first hundred line numbers of records that on_error=skip left out. Absent if there are none.',
  },
  'X-Classified-Warnings': {
    type: 'string',
    description: 'The number of warnings by code, such as llm-unavailable=2. Absent if there are none.',
  },
} as const;
