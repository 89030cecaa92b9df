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
 * Finds the delimiter of a file by its header alone, because messages are full of other delimiters. It is the one that
 * yields all required columns, else the most frequent, else a comma.
 * @param start the file's text, to the end of the header line or further
 * @param required the lower-case names of these columns
 * @returns undefined if the header line has no end in `start`
 */
export function findDelimiter(start: string, required: readonly string[]): Delimiter | undefined {
  const candidates = quotedCells.map(([delimiter, quotedCell]) => {
    const names = headerNames(start, delimiter, quotedCell);
    return { delimiter, names, fits: names && required.every((name) => names.includes(name)) };
  });
  const fitting = candidates.filter(({ fits }) => fits);
  if (fitting.length === 0 && candidates.some(({ names }) => !names)) return undefined;
  const columns = (candidate: { names: string[] | undefined }): number => candidate.names?.length ?? 0;
  return (fitting.length > 0 ? fitting : candidates).toSorted((a, b) => columns(b) - columns(a))[0]
    ?.delimiter;
}

/**
 * The same where no more text is to be had. A header line that ends within a quote is judged by what stands
 * before its first line break.
 */
export function chooseDelimiter(headerLine: string, required: readonly string[]): Delimiter {
  const firstLine = headerLine.split(/[\r\n]/).find((line) => line.trim() !== '') ?? '';
  const attempts = [headerLine, firstLine.replaceAll('"', ' ')];
  for (const line of attempts) {
    const delimiter = findDelimiter(`${line}\n`, required);
    if (delimiter) return delimiter;
  }
  return ',';
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
  const bare = cell.replace(/^"([^]*)"$/, '$1');
  // A tab beside a name is the delimiter, even where another character would cut the names out as well.
  return bare.replaceAll('\t', '<tab>').trim().toLowerCase();
}
