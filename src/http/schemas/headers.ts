/** A header of an answer, as OpenAPI describes it. */
interface DescribedHeader {
  description: string;
  schema: { type: 'string' | 'integer'; examples: readonly (string | number)[] };
}

const text = (description: string, ...examples: string[]) =>
  ({ description, schema: { type: 'string', examples } }) as const;
const integer = (description: string, ...examples: number[]) =>
  ({ description, schema: { type: 'integer', examples } }) as const;

/** Every header of answers that the OpenAPI description names. A route names those of its success in `config.answerHeaders`. */
export const describedHeaders = {
  'X-Request-Id': text(
    'The X-Request-Id of the request if it consists of 1 to 128 letters, digits, dots, underscores and hyphens; otherwise a new id. Every line that the server logs for the request contains it.',
    'nightly-upload-17',
  ),
  'X-Classifier-Version': text(
    'Identifies the combination of head, rules, label catalogue and encoder.',
    '4b1f0c9d2e6a',
  ),
  'X-Corrections-Version': text(
    'Identifies the corrections that act, see GET /corrections. Absent if there are none.',
    'd5d732a457c5d6fa',
  ),
  'X-Classified-Rows': integer('The number of labelled records. Absent with stream=true.', 12),
  'X-Classified-Skipped': text(
    'The first hundred line numbers of records that on_error=skip left out. Absent if there are none, and with stream=true.',
    '3, 17',
  ),
  'X-Classified-Warnings': text(
    'The count or value of each warning by its code. Absent if there are no warnings, and with stream=true.',
    'llm-unavailable=2, encoding-guessed=windows-1252',
  ),
  'Content-Disposition': text(
    'The name under which the answer should be saved. Absent if the answer is not a file: JSON or NDJSON for a request that was not a form.',
    'attachment; filename="logs_classified.csv"',
  ),
  ETag: text('Identifies this version of the answer, for If-None-Match.', '"Zm9vYmFy"'),
  'Retry-After': integer('Send the request again after this many seconds.', 2),
  Location: text('The address of what was created.', '/jobs/5f0c1b9e7a3d4c2f8e6b1a0d9c7e5f31'),
} as const satisfies Record<string, DescribedHeader>;

/** The name of a header that the OpenAPI description has. */
export type HeaderName = keyof typeof describedHeaders;

/** The headers of an answer with labels. */
export const labelledAnswerHeaders: readonly HeaderName[] = [
  'X-Classifier-Version',
  'X-Corrections-Version',
  'X-Classified-Rows',
  'X-Classified-Warnings',
  'X-Classified-Skipped',
  'Content-Disposition',
];
