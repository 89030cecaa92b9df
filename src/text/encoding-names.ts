import { TextDecoder } from 'node:util';
import { AppError } from '../errors.js';
import { editDistance } from '../math/edit-distance.js';

/** The names that are offered, and that others are compared with. */
const names = [
  ...[
    'utf-8',
    'utf-16',
    'utf-16le',
    'utf-16be',
    'gbk',
    'gb18030',
    'big5',
    'shift_jis',
    'euc-jp',
    'iso-2022-jp',
  ],
  ...['euc-kr', 'koi8-r', 'koi8-u', 'macintosh', 'x-mac-cyrillic', 'ibm866', 'cp437', 'cp850', 'cp852'],
  ...[874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) => `windows-${page}`),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15].map((part) => `iso-8859-${part}`),
];

/** Names from Python, Java, Windows and Excel that the WHATWG Encoding Standard does not have. */
const aliases: Readonly<Record<string, string>> = {
  ...{ utf8sig: 'utf-8', utf8bom: 'utf-8', utf8withbom: 'utf-8', cp65001: 'utf-8', '65001': 'utf-8' },
  ...{ ucs2: 'utf-16le', utf16sig: 'utf-16le', utf16bom: 'utf-16le', cp1200: 'utf-16le', cp1201: 'utf-16be' },
  ...{ ansi: 'windows-1252', latin: 'windows-1252', western: 'windows-1252', latin9: 'iso-8859-15' },
  ...{ mac: 'macintosh', macroman: 'macintosh', cp10000: 'macintosh', maccyrillic: 'x-mac-cyrillic' },
  ...{
    cp932: 'shift_jis',
    ms932: 'shift_jis',
    windows932: 'shift_jis',
    shiftjis: 'shift_jis',
    sjis: 'shift_jis',
  },
  ...{ cp936: 'gbk', ms936: 'gbk', windows936: 'gbk', euccn: 'gbk', cp54936: 'gb18030' },
  ...{ cp949: 'euc-kr', ms949: 'euc-kr', windows949: 'euc-kr', uhc: 'euc-kr', cp51949: 'euc-kr' },
  ...{
    cp950: 'big5',
    ms950: 'big5',
    windows950: 'big5',
    big5hkscs: 'big5',
    eucjp: 'euc-jp',
    euckr: 'euc-kr',
  },
  ...{ cp866: 'ibm866', dos866: 'ibm866', cp874: 'windows-874', tis620: 'windows-874', koi8: 'koi8-r' },
  ...{ ibm437: 'cp437', dos437: 'cp437', ibm850: 'cp850', dos850: 'cp850', oem: 'cp850', cp858: 'cp850' },
  ...{ ibm852: 'cp852', dos852: 'cp852', iso2022jp: 'iso-2022-jp' },
};

/** For a name without its case and punctuation, the encoding. */
const encodings = new Map<string, string>([
  ...names.map((name): [string, string] => [squash(name), name]),
  ...Object.entries(aliases),
]);

/**
 * Returns the encoding that a name means: a name of the WHATWG Encoding Standard in lower case (`windows-1252`), or
 * `cp437`, `cp850` or `cp852`. It takes the standard's labels and usual aliases (`cp936`, `utf-8-sig`, `ansi`), without
 * regard to case, blanks, `-` and `_`. `utf-16` is little-endian.
 * @throws AppError `encoding` for an unknown name, with examples and the nearest name
 */
export function encodingOf(label: string): string {
  const known = encodings.get(squash(label));
  const encoding = nativeNameOf(known ?? label.trim()) ?? known ?? nativeNameOf(squash(label));
  if (encoding === undefined) throw unknown(label);
  return encoding;
}

function squash(label: string): string {
  return label
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^(?:cp|win)?(125\d)$/, 'windows$1');
}

function nativeNameOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

function unknown(label: string): AppError {
  const shown = label.length > 40 ? `${label.slice(0, 40)}…` : label;
  const nearest = nearestTo(squash(label.slice(0, 40)));
  const detail =
    `The encoding "${shown}" is unknown.${nearest === undefined ? '' : ` Did you mean ${nearest}?`} ` +
    'Examples: utf-8, utf-16, windows-1252, windows-1251, iso-8859-2, shift_jis, gbk, big5, euc-kr, koi8-r, cp850.';
  return new AppError('encoding', detail);
}

/** Returns the known name with the fewest changed letters, if it is similar. */
function nearestTo(wanted: string): string | undefined {
  const near = [...encodings]
    .map(([key, name]) => ({ name, distance: editDistance(key, wanted) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return near && near.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? near.name : undefined;
}
