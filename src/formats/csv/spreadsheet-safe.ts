/** A cell that begins with one of these may be run as a formula. A tab or a line break in front does not prevent it. */
const DANGEROUS = new Set(['=', '+', '-', '@', '\t', '\r', '\n']);

/**
 * Makes the text of a CSV safe for spreadsheets: a quote mark (') is put in front of cells that a spreadsheet may run as a
 * formula. Negative numbers get it too, because `-2+3` is a formula.
 * @param delimiter of the CSV
 * @returns a function that takes the CSV piece by piece, and returns it
 */
export function spreadsheetSafe(delimiter: string): (piece: string) => string {
  /** Where the next character stands. `start`: of a cell; `opened`: after the quote that begins a cell. */
  let place: 'start' | 'opened' | 'plain' | 'quoted' | 'closing' = 'start';
  let isFirst = true;

  const after = (character: string): typeof place => {
    if (character === delimiter || character === '\n' || character === '\r') return 'start';
    return 'plain';
  };

  return (piece) => {
    let safe = '';
    let copied = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const character = piece[index] ?? '';
      if (isFirst) {
        isFirst = false;
        if (character === '\uFEFF') continue;
      }
      const isLineEnd = place === 'start' && (character === '\n' || character === '\r');
      if ((place === 'start' || place === 'opened') && DANGEROUS.has(character) && !isLineEnd) {
        safe += `${piece.slice(copied, index)}'`;
        copied = index;
      }
      switch (place) {
        case 'start':
          place = character === '"' ? 'opened' : after(character);
          break;
        case 'plain':
          place = after(character);
          break;
        case 'opened':
        case 'quoted':
          place = character === '"' ? 'closing' : 'quoted';
          break;
        case 'closing':
          // A doubled quote is one quote of the cell.
          place = character === '"' ? 'quoted' : after(character);
          break;
      }
    }
    return safe + piece.slice(copied);
  };
}
