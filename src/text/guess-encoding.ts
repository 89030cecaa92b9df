import { chardet } from 'jschardet';
import { BadBytes, type Decoder } from './decoder.js';
import { DosDecoder, isDosEncoding } from './dos-decoder.js';
import { WhatwgDecoder } from './whatwg-decoder.js';

/** jschardet's names of the encodings that are considered, and ours. It considers at most 16 KiB of evidence itself. */
const candidates: Readonly<Record<string, string>> = {
  ...{ cp1250: 'windows-1250', cp1251: 'windows-1251', cp1252: 'windows-1252', cp1253: 'windows-1253' },
  ...{ cp1254: 'windows-1254', cp1255: 'windows-1255', cp1256: 'windows-1256', cp1257: 'windows-1257' },
  ...{ cp1258: 'windows-1258', cp874: 'windows-874', 'iso8859-2': 'iso-8859-2', 'iso8859-5': 'iso-8859-5' },
  ...{
    'koi8-r': 'koi8-r',
    'koi8-u': 'koi8-u',
    cp866: 'ibm866',
    cp850: 'cp850',
    'mac-cyrillic': 'x-mac-cyrillic',
  },
  ...{ cp932: 'shift_jis', euc_jis_2004: 'euc-jp', gb18030: 'gb18030', big5hkscs: 'big5', cp949: 'euc-kr' },
};

/** How jschardet spells its answers where that differs from the names above. */
const answers: Readonly<Record<string, string>> = {
  'euc-jp': 'euc-jp',
  'iso-8859-2': 'iso-8859-2',
  'iso-8859-5': 'iso-8859-5',
  ibm866: 'ibm866',
  maccyrillic: 'x-mac-cyrillic',
  big5: 'big5',
};

/** The largest sample that is judged, in bytes. */
const maxJudged = 4 * 1024;

/** A line of a sample is cut to this many bytes around its first byte above 0x7F. */
const maxLine = 512;

/** How many different lines are sorted. Only very short lines are more in one sample. */
const maxLines = 8_000;

/** Above this share of implausible characters a guess is rejected. */
const maxImplausible = 0.12;

/** How many of the detector's encodings are tried. */
const maxTried = 10;

/** Measured on ten languages: other Latin encodings than Windows-1252 are told from it by more than this. */
const nearlyAsSure = 0.88;

/** What a sample seems to be. */
export interface Guess {
  /** The encoding; undefined if none is plausible. */
  encoding: string | undefined;
  /** The encodings that were tried, best first. */
  tried: string[];
}

/**
 * Guesses the encoding of text that is not UTF-8. The order of the lines does not matter.
 * @param sample a part of a file, with bytes above 0x7F
 * @param isAll whether the file ends with the sample
 */
export function guessEncoding(sample: Buffer, isAll: boolean): Guess {
  const judged = linesToJudge(sample, isAll);
  if (isLittleWestern(judged)) return { encoding: western, tried: [western] };
  const japanese = japaneseEncodings.find((encoding) => isJapanese(decode(judged, encoding)));
  if (japanese !== undefined) return { encoding: japanese, tried: [japanese] };
  const ranked = rank(judged).slice(0, maxTried);
  const tried = ranked.map(({ encoding }) => encoding);
  const best = ranked.find(({ encoding }) => isPlausible(judged, encoding));
  if (best === undefined) return { encoding: isNextToNothing(judged) ? western : undefined, tried };
  const usual = ranked.find(({ encoding }) => encoding === western);
  // The most usual encoding wins where the text is the same in both, or the detector sees hardly a difference.
  const isClose = usual !== undefined && usual.confidence >= best.confidence * nearlyAsSure;
  const isUsual =
    (isClose && !isDosEncoding(best.encoding) && isPlausible(judged, western)) ||
    decode(judged, best.encoding) === decode(judged, western);
  return { encoding: isUsual ? western : best.encoding, tried };
}

/** A start of the sample is enough to see nonsense. */
const maxPlausible = 2048;

function isPlausible(judged: Buffer, encoding: string): boolean {
  return implausible(decode(judged, encoding).slice(0, maxPlausible)) <= maxImplausible;
}

const western = 'windows-1252';

/** Whether so few bytes are to be judged that the most usual encoding is the best guess. */
function isNextToNothing(judged: Buffer): boolean {
  const text = judged.toString('latin1');
  return (text.match(/[\x80-\xFF]/g)?.length ?? 0) <= 4 && !/[\x81\x8D\x8F\x90\x9D]/.test(text);
}

/** Whether there is next to nothing to judge, and it is a letter or signs beside ASCII letters. */
function isLittleWestern(judged: Buffer): boolean {
  const text = judged.toString('latin1');
  const high = text.match(/[\x80-\xFF]/g)?.length ?? 0;
  // Single letters, not even one of them in a word.
  const alone = !/[\x80-\xFF]{2}|[a-z][\x80-\xFF]|[\x80-\xFF][a-z]/i.test(text);
  const inWords = text.match(/(?<=[a-z])[\x80-\xFF]{1,2}|[\x80-\xFF](?=[a-z])/gi)?.join('').length ?? 0;
  return (
    high <= 4 && (alone || (judged.length <= 12 && inWords === high)) && !/[\x81\x8D\x8F\x90\x9D]/.test(text)
  );
}

const japaneseEncodings = ['shift_jis', 'euc-jp'];

/** Whether a text has no invalid character and enough kana. Bytes that mean something else do not come out as kana. */
function isJapanese(text: string): boolean {
  const foreign = text.match(/[^\0-\x7F]/gu)?.length ?? 0;
  const kana = text.match(/[\u3041-\u3096\u30A1-\u30FC]/g)?.length ?? 0;
  return kana >= 4 && kana * 4 >= foreign && implausible(text) === 0;
}

/** Returns the encodings by jschardet's confidence, highest first. */
function rank(judged: Buffer): { encoding: string; confidence: number }[] {
  const found = chardet.detectAll(judged, {
    includeEncodings: Object.keys(candidates),
    encodingEra: 63,
    ignoreThreshold: true,
    maxBytes: maxJudged,
  });
  return found.flatMap(({ encoding: name, confidence }) => {
    const key = (name ?? '').toLowerCase();
    const encoding = candidates[key] ?? answers[key] ?? key;
    return Object.values(candidates).includes(encoding) ? [{ encoding, confidence }] : [];
  });
}

/** Returns the different lines that are not ASCII, in the order of their bytes. */
function linesToJudge(sample: Buffer, isAll: boolean): Buffer {
  // As strings: buffers of 100,000 short lines would block the event loop.
  const all = sample.toString('latin1').split('\n');
  // The last line of a sample may be cut off inside a character.
  if (!isAll && all.length > 1) all.pop();
  const lines = new Set(fewer([...new Set(all)].filter((line) => highByte.test(line))).map(cutLine));
  const sorted = [...lines].sort();
  // Evenly from all lines, so that no single kind of line fills the sample.
  const total = sorted.reduce((sum, line) => sum + line.length + 1, 0);
  const step = Math.max(1, Math.ceil(total / maxJudged));
  const kept = sorted.filter((_, i) => i % step === 0).map((line) => `${line}\n`);
  return Buffer.from(kept.join(''), 'latin1').subarray(0, maxJudged);
}

/** Returns about `maxLines` lines at most. Which ones does not depend on their order. */
function fewer(lines: string[]): string[] {
  const step = Math.ceil(lines.length / maxLines);
  return step <= 1 ? lines : lines.filter((line) => checksum(line) % step === 0);
}

function checksum(line: string): number {
  let sum = 0;
  for (let i = 0; i < line.length; i += 1) sum = (sum * 31 + line.charCodeAt(i)) % 1_000_003;
  return sum;
}

const highByte = /[\x80-\xFF]/;

function cutLine(line: string): string {
  if (line.length <= maxLine) return line;
  const start = Math.max(0, line.search(highByte) - 64);
  return line.slice(start, start + maxLine);
}

/** Returns the share of implausible characters among those that are not ASCII. */
function implausible(text: string): number {
  let high = 0;
  let odd = 0;
  for (const word of text.match(nonAsciiRuns) ?? []) {
    const foreign = word.match(/[^\0-\x7F]/gu)?.length ?? 0;
    high += foreign;
    odd += Math.min(foreign, oddIn(word));
  }
  return high === 0 ? 1 : odd / high;
}

function decode(judged: Buffer, encoding: string): string {
  const bad = new BadBytes('skip');
  const decoder: Decoder = isDosEncoding(encoding)
    ? new DosDecoder(encoding, bad)
    : new WhatwgDecoder(encoding, 0, bad);
  return decoder.write(judged) + decoder.end();
}

const nonAsciiRuns = /[\p{L}\p{M}]*[^\0-\x7F]+(?:[\p{L}\p{M}]|[^\0-\x7F])*/gu;
/** Signs that no text has between or beside its letters: frames, formulas, and leftovers of old code pages. */
const rare = /[\u2500-\u25FF\u2200-\u23FF¤¦¬¶¯¸†‡‰ƒˆ˜ªºµ¼½¾¢¥§]/gu;
const never = /[\x80-\x9F\uFFFD\p{Co}\p{Cn}]/gu;
/** A sign between two letters. */
const insideWord = /(?<=\p{L})[^\0-\x7F\p{L}\p{M}\p{Pd}’·\u200c\u200d](?=\p{L})/gu;
/** A capital after a small letter. */
const capitalInside = /(?<=[^\0-\x7F]|\p{Ll})(?<=\p{Ll})\p{Lu}/gu;
const scripts = [
  /\p{sc=Latin}/u,
  /\p{sc=Cyrillic}/u,
  /\p{sc=Greek}/u,
  /\p{sc=Hebrew}/u,
  /\p{sc=Arabic}/u,
  /\p{sc=Thai}/u,
];

/** Counts what no word of a language has. */
function oddIn(word: string): number {
  const count = (pattern: RegExp): number => word.match(pattern)?.length ?? 0;
  const inWord = word.match(/[\p{L}\p{M}]+/gu) ?? [];
  const mixed = inWord.filter(
    (letters) => scripts.filter((script) => script.test(letters)).length > 1,
  ).length;
  return count(never) * 3 + count(rare) + count(insideWord) + count(capitalInside) + mixed;
}

/** Whether text in this encoding has bytes that are valid UTF-8 by chance, since letters and signs lie so that it may. */
export function mayHoldUtf8ByChance(encoding: string): boolean {
  return !['windows-1250', 'windows-1252', 'windows-1254', 'windows-1257', 'iso-8859-2'].includes(encoding);
}
