import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { watchPartCharset } from '../../../src/http/upload/part-charset.js';

const FORM = 'multipart/form-data; boundary=b';
const FILE = 'Content-Disposition: form-data; name="f"; filename="f.csv"';
const part = (...lines: string[]) => `--b\r\n${lines.join('\r\n')}\r\n\r\ntext\r\n`;

/** A form of which these chunks have arrived. */
function formOf(chunks: string[], contentType = FORM) {
  const request = Object.assign(new PassThrough(), { headers: { 'content-type': contentType } });
  const charset = watchPartCharset(request as unknown as IncomingMessage);
  for (const chunk of chunks) request.emit('data', Buffer.from(chunk));
  return { request, charset };
}
const charsetOf = (body: string, contentType?: string) => formOf([body], contentType).charset();

describe('The charset of a form’s file', () => {
  it.each([
    ['without quotes', 'Content-Type: text/csv; charset=latin1'],
    ['in quotes', 'content-type: text/csv;charset="latin1"'],
    ['behind a tab and other parameters', 'CONTENT-TYPE: text/csv; a=b;\tCHARSET=latin1; c=d'],
    ['before a space', 'Content-Type: text/csv; charset=latin1 '],
  ])('is read %s', (_, header) => {
    expect(charsetOf(part(FILE, header))).toBe('latin1');
  });

  it.each([
    ['in a header of another name', 'X-Content-Type: text/csv; charset=latin1'],
    ['in a parameter of another name', 'Content-Type: text/csv; x-charset=latin1'],
    ['nowhere', 'Content-Type: text/csv'],
  ])('is unknown when it is %s', (_, header) => {
    expect(charsetOf(part(FILE, header))).toBeUndefined();
  });

  it.each([
    ['of an extended name', 'Content-Disposition: form-data; name="f"; filename*=UTF-8\'\'f.csv'],
    ['whose headers are in lower case', 'content-disposition: form-data;FILENAME=f.csv'],
  ])('is that of a file %s', (_, disposition) => {
    expect(charsetOf(part(disposition, 'Content-Type: text/csv; charset=latin1'))).toBe('latin1');
  });

  it.each([
    ['a text field', 'Content-Disposition: form-data; name="f"'],
    ['an empty file input', 'Content-Disposition: form-data; name="f"; FileName=""'],
    ['a part with another header of that form', 'X-Content-Disposition: form-data; filename="f"'],
    ['a field whose name looks like it', 'Content-Disposition: form-data; name="x-filename=f"'],
  ])('is not that of %s', (_, disposition) => {
    const other = part(disposition, 'Content-Type: text/plain; charset=utf-8');
    expect(charsetOf(other)).toBeUndefined();
    expect(charsetOf(other + part(FILE, 'Content-Type: text/csv; charset=latin1'))).toBe('latin1');
  });

  it('is not read from the preamble, from the content of a file, or from incomplete headers', () => {
    const header = `${FILE}\r\nContent-Type: text/csv; charset=latin1`;
    expect(charsetOf(`${header}\r\n\r\n${part(FILE)}`)).toBeUndefined();
    expect(charsetOf(`${part(FILE)}${header}\r\n\r\n`)).toBeUndefined();
    expect(charsetOf(`--b\r\n${header}`)).toBeUndefined();
  });

  it.each([['multipart/form-data; Boundary="b"; x=y'], ['multipart/form-data; boundary=b ; x=y']])(
    'is found with the boundary of %s',
    (contentType) => {
      expect(charsetOf(part(FILE, 'Content-Type: text/csv; charset=latin1'), contentType)).toBe('latin1');
    },
  );
});

describe('A form that arrives in chunks', () => {
  const typed = part(FILE, 'Content-Type: text/csv; charset=latin1');

  it('is read across chunks until the charset is requested', () => {
    const { request, charset } = formOf(Array.from(typed));
    expect(request.listenerCount('data')).toBe(1);
    expect(charset()).toBe('latin1');
    expect(request.listenerCount('data')).toBe(0);
  });

  it('is searched for the first 64 KiB only', () => {
    const before = part('Content-Disposition: form-data; name="note"');
    const padded = (bytes: number) => before.padEnd(bytes - typed.length, '-') + '\r\n';
    const inside = formOf([padded(65_534), typed]);
    expect([inside.charset(), inside.request.listenerCount('data')]).toEqual(['latin1', 0]);
    const { request, charset } = formOf([padded(65_600), typed]);
    expect(request.listenerCount('data')).toBe(0);
    expect(charset()).toBeUndefined();
  });
});
