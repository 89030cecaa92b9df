import { describe, expect, it } from 'vitest';
import { refuseBinary } from '../../src/text/refuse-binary.js';
import { AppError } from '../../src/errors.js';

const zipWith = (...names: string[]): Buffer =>
  Buffer.concat(
    names.map((name) => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26, 1), Buffer.from(name)])),
  );

describe('refuseBinary', () => {
  it.each([
    [
      'Excel workbook. In Excel use File > Save As > CSV UTF-8',
      zipWith('[Content_Types].xml', 'xl/workbook.xml'),
    ],
    ['Word document', zipWith('[Content_Types].xml', 'word/document.xml')],
    ['PowerPoint', zipWith('ppt/presentation.xml')],
    ['Office file', zipWith('[Content_Types].xml')],
    ['OpenDocument spreadsheet', zipWith('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')],
    ['OpenDocument file', zipWith('mimetypeapplication/vnd.oasis.opendocument.text')],
    ['zip archive', zipWith('logs.csv')],
    ['zip archive', Buffer.from('504b0506', 'hex')],
    ['old Excel workbook', Buffer.from('d0cf11e0a1b11ae100', 'hex')],
    ['gzip', Buffer.from('1f8b0800', 'hex')],
    ['bzip2', Buffer.from('BZh91AY&SY')],
    ['Zstandard', Buffer.from('28b52ffd04', 'hex')],
    ['xz', Buffer.from('fd377a585a0000', 'hex')],
    ['7-Zip', Buffer.from('377abcaf271c', 'hex')],
    ['RAR', Buffer.from('Rar!\x1a\x07\x01')],
    ['PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['JPEG', Buffer.from('ffd8ffe0', 'hex')],
    ['GIF', Buffer.from('GIF89a')],
    ['PDF', Buffer.from('%PDF-1.7')],
    ['SQLite', Buffer.from('SQLite format 3\0')],
    ['UTF-32', Buffer.from('fffe000061000000', 'hex')],
  ])('names the format: %s', (what, bytes) => {
    const refuse = (): void => refuseBinary(bytes);
    expect(refuse).toThrow(AppError);
    expect(refuse).toThrow(expect.objectContaining({ code: 'not_text' }) as Error);
    expect(refuse).toThrow(what);
  });

  it.each([
    '',
    'P',
    'PK,log_message',
    'source,log_message',
    'BZhang,log',
    'GIF8,b',
    'Rar!,x',
    'Größe;log_message',
    '\uFEFFa,b',
  ])('accepts text: "%s"', (text) => {
    expect(() => refuseBinary(Buffer.from(text))).not.toThrow();
    expect(() => refuseBinary(Buffer.from(text, 'latin1'))).not.toThrow();
  });
});
