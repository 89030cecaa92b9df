import { AppError } from '../../errors.js';
import { malformedWorkbook, sheetMissing } from './errors.js';
import { readWholeXml, readXml, type Attributes } from './read-xml.js';
import { readRelationships } from './relationships.js';
import type { WorkbookArchive } from './workbook-archive.js';

/** The files of a workbook that are needed to read one sheet. */
export interface SheetPaths {
  sheet: string;
  /** The names of all sheets that hold cells and not a chart, hidden ones too, in the order of the workbook. */
  names: readonly string[];
  /** The files of the other visible sheets. */
  others: readonly string[];
  /** Missing if all texts stand in the sheet. */
  sharedStrings?: string;
  styles?: string;
  /** Whether dates count from 1904 instead of 1900. */
  date1904: boolean;
}

interface ListedSheet {
  name: string;
  id: string;
  isVisible: boolean;
}

const maxSheets = 10_000;
const maxTagChars = 65_536;

/**
 * Finds a sheet of a workbook.
 * @param wanted the name of the sheet, in any case, or its number from 1; by default the first visible sheet
 * @throws AppError `sheet_missing` if there is no such sheet, `xlsx_malformed` if this is no workbook
 */
export async function findSheet(archive: WorkbookArchive, wanted: string | undefined): Promise<SheetPaths> {
  const path = await workbookPath(archive);
  const { sheets, date1904 } = await readSheetList(archive, path);
  const links = await readRelationships(archive, path);
  const isTable = new Map(links.map((link) => [link.id, link.type === 'worksheet']));
  const tables = sheets.filter(({ id }) => isTable.get(id) === true);
  const chosen = chooseSheet(tables, wanted);
  const pathOf = (listed: ListedSheet): string | undefined => links.find(({ id }) => id === listed.id)?.path;
  const sheet = pathOf(chosen);
  if (sheet === undefined) throw malformedWorkbook('The workbook does not say where its sheet is.');
  const others = tables
    .filter((table) => table !== chosen && table.isVisible)
    .map(pathOf)
    .filter((path) => path !== undefined);
  const sharedStrings = links.find(({ type }) => type === 'sharedStrings')?.path;
  const styles = links.find(({ type }) => type === 'styles')?.path;
  return {
    sheet,
    names: tables.map(({ name }) => name),
    others: others.filter((path) => archive.has(path)),
    date1904,
    ...(sharedStrings !== undefined && archive.has(sharedStrings) ? { sharedStrings } : {}),
    ...(styles !== undefined && archive.has(styles) ? { styles } : {}),
  };
}

/** How many pieces of 32 kB of a sheet are searched for a cell. Styles of columns may stand before the first one. */
const maxSearchedPieces = 4;
/** Only so many sheets are searched. */
const maxSearchedSheets = 100;

/**
 * Counts the sheets that have cells. Sheets after the first hundred count without a look. A sheet that cannot be read
 * counts, too: it has something.
 */
export async function countFilledSheets(archive: WorkbookArchive, paths: readonly string[]): Promise<number> {
  let count = 0;
  for (const [i, path] of paths.entries())
    if (i >= maxSearchedSheets || (await hasCells(archive, path))) count += 1;
  return count;
}

async function hasCells(archive: WorkbookArchive, path: string): Promise<boolean> {
  const search = { isFound: false };
  const open = (name: string): void => {
    search.isFound ||= name === 'c';
  };
  const xml = readXml(archive.bytes(path), { open }, maxTagChars);
  try {
    for (let pieces = 0; pieces < maxSearchedPieces; pieces += 1) {
      const { done } = await xml.next();
      if (search.isFound) return true;
      if (done === true) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'xlsx_malformed') return true;
    throw error;
  } finally {
    await xml.return();
  }
}

async function workbookPath(archive: WorkbookArchive): Promise<string> {
  const links = await readRelationships(archive, '');
  const path = links.find(({ type }) => type === 'officeDocument')?.path ?? 'xl/workbook.xml';
  if (/\.bin$/i.test(path) || archive.has('xl/workbook.bin'))
    throw malformedWorkbook('Binary workbooks (.xlsb) are not supported.');
  if (archive.has('content.xml') && archive.has('mimetype'))
    throw malformedWorkbook('OpenDocument files (.ods) are not supported.');
  if (!archive.has(path))
    throw malformedWorkbook('The file is not an Excel workbook: it has no list of sheets.');
  return path;
}

async function readSheetList(
  archive: WorkbookArchive,
  path: string,
): Promise<{ sheets: ListedSheet[]; date1904: boolean }> {
  const sheets: ListedSheet[] = [];
  let date1904 = false;
  let root: string | undefined;
  const open = (name: string, attributes: Attributes): void => {
    root ??= name;
    if (name === 'workbookPr') date1904 = /^(?:1|true|on)$/.test(attributes.date1904 ?? '');
    if (name !== 'sheet') return;
    if (sheets.length === maxSheets)
      throw malformedWorkbook(`The workbook has more than ${maxSheets} sheets.`);
    const isVisible = (attributes.state ?? 'visible') === 'visible';
    sheets.push({ name: attributes.name ?? '', id: linkId(attributes), isVisible });
  };
  await readWholeXml(archive.bytes(path), { open }, maxTagChars);
  if (root !== 'workbook') throw malformedWorkbook('The file is not an Excel workbook.');
  return { sheets, date1904 };
}

/** Returns the attribute `r:id`, whatever its prefix. */
function linkId(attributes: Attributes): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
}

function chooseSheet(sheets: readonly ListedSheet[], wanted: string | undefined): ListedSheet {
  const [first] = sheets;
  if (!first) throw malformedWorkbook('The workbook has no sheet with cells.');
  const asked = wanted?.trim();
  if (asked === undefined || asked === '') return sheets.find(({ isVisible }) => isVisible) ?? first;
  const found =
    sheets.find(({ name }) => name === asked) ??
    sheets.find(({ name }) => name.trim().toLowerCase() === asked.toLowerCase()) ??
    (/^\d{1,5}$/.test(asked) ? sheets[Number(asked) - 1] : undefined);
  if (!found)
    throw sheetMissing(
      asked,
      sheets.map(({ name }) => name),
    );
  return found;
}
