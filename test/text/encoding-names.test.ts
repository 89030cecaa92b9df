import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.js';
import { encodingOf } from '../../src/text/encoding-names.js';

describe('the name of an encoding', () => {
  it.each([
    ['UTF8', 'utf-8'],
    ['utf-8-sig', 'utf-8'],
    ['utf_16', 'utf-16le'],
    ['UTF-16BE', 'utf-16be'],
    ['ansi', 'windows-1252'],
    ['Latin-1', 'windows-1252'],
    ['ISO8859-1', 'windows-1252'],
    ['iso_8859_2', 'iso-8859-2'],
    ['cp1252', 'windows-1252'],
    ['CP1251', 'windows-1251'],
    ['win1250', 'windows-1250'],
    ['Windows 1253', 'windows-1253'],
    ['cp932', 'shift_jis'],
    ['MS932', 'shift_jis'],
    ['cp936', 'gbk'],
    ['GB2312', 'gbk'],
    ['cp949', 'euc-kr'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['cp950', 'big5'],
    ['KOI8R', 'koi8-r'],
    ['cp866', 'ibm866'],
    ['mac', 'macintosh'],
    ['cp850', 'cp850'],
    ['IBM-437', 'cp437'],
  ])('%s means %s', (label, encoding) => {
    expect(encodingOf(label)).toBe(encoding);
  });

  it('that is unknown is refused with examples and the nearest one', () => {
    const refused = (label: string) => expect(() => encodingOf(label));
    refused('klingon').toThrow(AppError);
    refused('klingon').toThrow(/"klingon" is unknown\. Examples: utf-8/);
    refused('windows-1225').toThrow(/Did you mean windows-125[25]\?/);
    refused('shiftgis').toThrow(/Did you mean shift_jis\?/);
  });
});
