import { AppError, errorCatalogue, type ErrorCode } from '../../errors.js';
import { toProblem } from '../problem.js';
import type { Problem } from '../schemas/problem.js';
import { HOW_TO_SEND } from '../upload/content-type.js';

const REQUEST_ID = 'nightly-upload-17';

/** For each status a problem as the server sends it. A status without one gets the title of its first code. */
const details: Partial<Record<ErrorCode, string>> = {
  csv_malformed:
    'Line 3 has 1 cell where the header has 2. The parameter on_error=skip leaves out rows that cannot be read, such as this one, and labels all others.',
  not_acceptable:
    'The answer can be text/csv, application/x-ndjson or application/json. Name one of them in the Accept header.',
  upload_timeout:
    'The upload sent less than 1000 bytes per second for 30000 ms, and the server gave up waiting. Send it again.',
  upload_too_large:
    'The upload is larger than the limit of 2147483648 bytes. Split the file, or raise MAX_UPLOAD_BYTES.',
  media_type_unsupported: `The Content-Type is malformed. ${HOW_TO_SEND}`,
  host_unknown:
    '"logs.example" is not an allowed host name of this server. Its operator can add it to the setting ALLOWED_HOSTS.',
  internal: 'The server failed to process the request. Its log names the cause.',
  busy: 'The server is already processing 8 uploads. Try again in a few seconds.',
  disk_full: 'There is no disk space left to unpack the archive.',
};

/** Returns an example of the problem that a status means; `default` is one that every address may send. */
export function problemExample(status: string): Problem | undefined {
  if (status === 'default') return exampleOf('host_unknown');
  const codes = (Object.keys(errorCatalogue) as ErrorCode[]).filter(
    (code) => errorCatalogue[code].status === Number(status),
  );
  const code = codes.find((candidate) => candidate in details) ?? codes[0];
  return code === undefined ? undefined : exampleOf(code);
}

function exampleOf(code: ErrorCode): Problem {
  const detail = details[code] ?? `${errorCatalogue[code].title}.`;
  return toProblem(new AppError(code, detail, code === 'csv_malformed' ? { line: 3 } : {}), REQUEST_ID);
}
