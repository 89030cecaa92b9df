import { malformedWorkbook } from './errors.js';
import { readWholeXml } from './read-xml.js';
import type { WorkbookArchive } from './workbook-archive.js';

/** What the numbers of a style mean. */
export type NumberMeaning = 'number' | 'date' | 'time' | 'date-time';

/** Maximum number of styles and of formats. Excel allows 65,490 styles. */
const maxStyles = 100_000;
const maxTagChars = 65_536;

/** The built-in formats (ECMA-376, part 1, 18.8.30) that show dates and times. */
function builtInMeaning(id: number): NumberMeaning {
  if (id === 22) return 'date-time';
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 50 && id <= 58) || id === 36) return 'date';
  // 46 is an elapsed time, which is a number of days.
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || id === 45 || id === 47) return 'time';
  return 'number';
}

/**
 * Returns what a number format shows.
 * @example meaningOfFormat('dd/mm/yyyy hh:mm') // 'date-time'
 */
export function meaningOfFormat(code: string): NumberMeaning {
  // The first section is for positive numbers. Quoted text, escaped characters, colours and locales are no tokens.
  const [section = ''] = code
    .slice(0, 1_000)
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .split(';');
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return 'number';
  const tokens = section.replace(/\[[^\]]*\]/g, '').toLowerCase();
  if (tokens.includes('general')) return 'number';
  const hasTime = /h|s|am\/pm/.test(tokens);
  const hasDate = /[yde]/.test(tokens.replace(/e[+-]/g, '')) || (!hasTime && tokens.includes('m'));
  if (hasDate) return hasTime ? 'date-time' : 'date';
  return hasTime ? 'time' : 'number';
}

/**
 * Reads what the numbers of each style mean.
 * @returns the meanings by the number of the style
 * @throws AppError `xlsx_malformed`
 */
export async function readNumberMeanings(
  archive: WorkbookArchive,
  path: string | undefined,
): Promise<NumberMeaning[]> {
  const meanings: NumberMeaning[] = [];
  if (path === undefined) return meanings;
  const own = new Map<number, NumberMeaning>();
  let inCellStyles = false;
  await readWholeXml(
    archive.bytes(path),
    {
      open(name, { numFmtId, formatCode }) {
        if (name === 'cellXfs') inCellStyles = true;
        if (name === 'numFmt') own.set(Number(numFmtId), meaningOfFormat(formatCode ?? ''));
        if (name === 'xf' && inCellStyles) {
          const id = Number(numFmtId ?? 0);
          meanings.push(own.get(id) ?? builtInMeaning(id));
        }
        if (meanings.length > maxStyles || own.size > maxStyles)
          throw malformedWorkbook('The workbook has too many styles.');
      },
      close(name) {
        if (name === 'cellXfs') inCellStyles = false;
      },
    },
    maxTagChars,
  );
  return meanings;
}
