import type { IncomingMessage } from 'node:http';

/** Bytes of a form in which the headers of its file are looked for; text fields before it count. */
const MAX_LOOKED_AT = 64 * 1024;

const FILE_HEADERS =
  /content-disposition:[^\r\n]*filename[^\r\n]*\r\n(?:[^\r\n]+\r\n)*?\r\n|content-type:[^\r\n]*\r\ncontent-disposition:[^\r\n]*filename[^\r\n]*\r\n(?:[^\r\n]+\r\n)*?\r\n/i;

/**
 * Reads along while a form is parsed, for the parser does not tell the parameters of a part's Content-Type.
 * @returns asks for the charset that the headers of the form's file name, once the parser has met the file.
 */
export function watchPartCharset(request: IncomingMessage): () => string | undefined {
  let seen = '';
  const look = (chunk: Buffer): void => {
    seen += chunk.toString('latin1', 0, MAX_LOOKED_AT - seen.length);
    if (seen.length >= MAX_LOOKED_AT) request.off('data', look);
  };
  request.on('data', look);
  return () => {
    request.off('data', look);
    const headers = FILE_HEADERS.exec(seen)?.[0] ?? '';
    return /content-type:[^\r\n]*;[ \t]*charset="?([^";\s]+)/i.exec(headers)?.[1];
  };
}
