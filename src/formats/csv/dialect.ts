/** The supported delimiters between cells. */
export type Delimiter = ',' | ';' | '\t' | '|';

/**
 * The pattern of a quoted cell for each delimiter. The delimiters are in order of preference, for headers that fit
 * several. The opening quote follows a delimiter or a line break; doubled quotes do not close the cell. A cell that is
 * not closed extends to the end of the text, because the rest of it may follow in the next piece.
 */
const quotedCells: readonly (readonly [Delimiter, RegExp])[] = [
  [',', /(?<=^|[,\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  [';', /(?<=^|[;\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['\t', /(?<=^|[\t\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['|', /(?<=^|[|\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
];

/**
 * Finds the delimiter of a file from its header only, because log messages contain other delimiters. It is the one that
 * yields all required columns, or else the most frequent one, or else a comma.
 * @param start the start of the text, up to the end of the header line or beyond
 * @param required the lower-case names of the required columns
 * @returns undefined if `start` does not contain the end of the header line
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
 * Finds the delimiter like `findDelimiter` when no more text is available. If the header line ends inside a quoted
 * cell, only the text before its first line break counts, without quotes.
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

/** Returns the normalised names in the first line that is not blank; undefined if the end of that line is missing. */
function headerNames(text: string, delimiter: Delimiter, quotedCell: RegExp): string[] | undefined {
  // Replace delimiters and line breaks inside quotes, so that they end neither a name nor the line.
  const masked = text.replace(quotedCell, (cell) => cell.replace(/[,;\t|\r\n]/g, ' '));
  let start = 0;
  for (const { index } of masked.matchAll(/[\r\n]/g)) {
    const line = masked.slice(start, index);
    if (line.trim() !== '') return line.split(delimiter).map(normaliseName);
    start = index + 1;
  }
  return undefined;
}

function normaliseName(cell: string): string {
  const bare = cell.replace(/^"([^]*)"$/, '$1');
  // Make tabs part of the name: a tab next to a name is the delimiter, even if another delimiter also fits.
  return bare.replaceAll('\t', '<tab>').trim().toLowerCase();
}
