import type { IncomingMessage } from 'node:http';

/** The headers of the file must be in the first bytes of the form. Text fields before the file count. */
const MAX_SEARCHED_BYTES = 64 * 1024;

/**
 * Listens to a form while it is parsed, because the parser does not report the parameters of a part's Content-Type.
 * @returns a function that returns the charset of the file's part; to be called when the parser has reached the file
 */
export function watchPartCharset(request: IncomingMessage): () => string | undefined {
  const [, boundary = ''] = /boundary="?([^";]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  let seen = '';
  const collect = (chunk: Buffer): void => {
    seen += chunk.toString('latin1', 0, MAX_SEARCHED_BYTES - seen.length);
    if (seen.length >= MAX_SEARCHED_BYTES) request.off('data', collect);
  };
  request.on('data', collect);
  return () => {
    request.off('data', collect);
    const parts = seen.split(`--${boundary.trim()}\r\n`).slice(1);
    return parts.map(headersOf).find(isFile)?.map(charsetOf).find(Boolean);
  };
}

function headersOf(part: string): string[] {
  const end = part.indexOf('\r\n\r\n');
  return part.slice(0, end === -1 ? 0 : end).split('\r\n');
}

/** Whether the headers belong to a chosen file. A file input without a chosen file has an empty file name. */
function isFile(headers: readonly string[]): boolean {
  return headers.some((line) => {
    return (
      /^content-disposition:/i.test(line) && /;\s?filename\*?=/i.test(line) && !/filename=""/i.test(line)
    );
  });
}

function charsetOf(header: string): string | undefined {
  if (!/^content-type:/i.test(header)) return undefined;
  return /;[ \t]?charset="?([^";\s]+)/i.exec(header)?.[1];
}
