/** The characters that may stand between cells. */
export type Delimiter = ',' | ';' | '\t' | '|';

/**
 * A quoted cell for each delimiter, in order of preference where the header allows several. Its quote follows
 * a delimiter or a line break, and doubled quotes do not end it. One that is not closed goes to the end of the
 * text, for its end may be yet to come.
 */
const quotedCells: readonly (readonly [Delimiter, RegExp])[] = [
  [',', /(?<=^|[,\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  [';', /(?<=^|[;\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['\t', /(?<=^|[\t\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['|', /(?<=^|[|\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
];

/**
 * The delimiter of a file, judged by its header alone, for messages are full of other delimiters: the one
 * with which columns called source and log_message come out, else the most frequent, else a comma.
 * @param start the file's text, to the end of the header line or further
 * @returns nothing if the header line has no end in `start`
 */
export function findDelimiter(start: string): Delimiter | undefined {
  let best: { delimiter: Delimiter; columns: number } = { delimiter: ',', columns: 0 };
  let isWhole = true;
  for (const [delimiter, quotedCell] of quotedCells) {
    const names = headerNames(start, delimiter, quotedCell);
    if (names?.includes('source') && names.includes('log_message')) return delimiter;
    if (!names) isWhole = false;
    else if (names.length > best.columns) best = { delimiter, columns: names.length };
  }
  return isWhole ? best.delimiter : undefined;
}

/**
 * The same where no more text is to be had. A header line that ends within a quote is judged by what stands
 * before its first line break.
 */
export function chooseDelimiter(headerLine: string): Delimiter {
  const firstLine = headerLine.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  return findDelimiter(`${headerLine}\n`) ?? findDelimiter(`${firstLine.replaceAll('"', ' ')}\n`) ?? ',';
}

/** The names in the first line that is not blank, simplified; nothing if that line does not end. */
function headerNames(text: string, delimiter: Delimiter, quotedCell: RegExp): string[] | undefined {
  // Blanked out, what is inside quotes neither ends the line nor a name.
  const masked = text.replace(quotedCell, (cell) => cell.replace(/[,;\t|\r\n]/g, ' '));
  let start = 0;
  for (const { index } of masked.matchAll(/[\r\n]/g)) {
    const line = masked.slice(start, index);
    if (line.trim() !== '') return line.split(delimiter).map(plainName);
    start = index + 1;
  }
  return undefined;
}

function plainName(cell: string): string {
  return cell
    .replace(/^"([^]*)"$/, '$1')
    .trim()
    .toLowerCase();
}
