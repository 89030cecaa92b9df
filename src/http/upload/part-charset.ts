import type { IncomingMessage } from 'node:http';

/** Bytes of a form in which the headers of its file are looked for; text fields before it count. */
const MAX_LOOKED_AT = 64 * 1024;

/**
 * Reads along while a form is parsed, for the parser does not tell the parameters of a part's Content-Type.
 * @returns asks for the charset that the headers of the form's file name, once the parser has met the file.
 */
export function watchPartCharset(request: IncomingMessage): () => string | undefined {
  const [, boundary = ''] = /boundary="?([^";]+)/i.exec(request.headers['content-type'] ?? '') ?? [];
  let seen = '';
  const look = (chunk: Buffer): void => {
    seen += chunk.toString('latin1', 0, MAX_LOOKED_AT - seen.length);
    if (seen.length >= MAX_LOOKED_AT) request.off('data', look);
  };
  request.on('data', look);
  return () => {
    request.off('data', look);
    const parts = seen.split(`--${boundary.trim()}\r\n`).slice(1);
    return parts.map(headersOf).find(isFile)?.map(charsetOf).find(Boolean);
  };
}

function headersOf(part: string): string[] {
  const end = part.indexOf('\r\n\r\n');
  return part.slice(0, end === -1 ? 0 : end).split('\r\n');
}

/** The headers of a file input with nothing chosen name a file of no name. */
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
