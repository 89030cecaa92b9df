import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TextReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import { sheetAsCsv, type SheetOptions } from '../../../src/formats/xlsx/sheet-as-csv.js';
import type { WorkbookFile } from '../../../src/formats/xlsx/workbook-archive.js';

const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** The parts of a workbook. Each replaces a usual one. */
export interface WorkbookParts {
  /** The content of `<sheetData>` of the first sheet. */
  rows?: string;
  /** The content of `<sst>`. */
  shared?: string;
  /** The content of `<styleSheet>`. */
  styles?: string;
  /** The content of `<workbook>`. */
  workbook?: string;
  /** Complete files by their path; undefined removes one. */
  files?: Record<string, string | undefined>;
}

/** Returns a link to another file. */
export function link(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;
}

/** Returns the file that holds links. */
export function links(...of: string[]): string {
  return `<Relationships>${of.join('')}</Relationships>`;
}

/** Returns the sheets of a workbook. The first is in sheet1.xml, and so on. */
export function sheetList(...sheets: string[]): string {
  return `<sheets>${sheets.map((attributes, i) => `<sheet sheetId="${i + 1}" r:id="rId${i + 1}" ${attributes}/>`).join('')}</sheets>`;
}

/** Returns a sheet with these rows. */
export function sheetOf(rows: string): string {
  return `<?xml version="1.0"?><worksheet><dimension ref="A1"/><sheetData>${rows}</sheetData></worksheet>`;
}

/** Packs a workbook. */
export async function packWorkbook(parts: WorkbookParts = {}): Promise<Uint8Array> {
  const files: Record<string, string | undefined> = {
    '_rels/.rels': links(link('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/workbook.xml': `<workbook>${parts.workbook ?? sheetList('name="Log"')}</workbook>`,
    'xl/_rels/workbook.xml.rels': links(
      link('rId1', 'worksheet', 'worksheets/sheet1.xml'),
      link('rId8', 'sharedStrings', 'sharedStrings.xml'),
      link('rId9', 'styles', 'styles.xml'),
    ),
    'xl/worksheets/sheet1.xml': sheetOf(parts.rows ?? ''),
    'xl/sharedStrings.xml': parts.shared === undefined ? undefined : `<sst>${parts.shared}</sst>`,
    'xl/styles.xml': parts.styles === undefined ? undefined : `<styleSheet>${parts.styles}</styleSheet>`,
    ...parts.files,
  };
  return packFiles(Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined));
}

/** Packs files into a ZIP archive. */
export async function packFiles(files: readonly (readonly [string, string])[]): Promise<Uint8Array> {
  const zip = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, text] of files) await zip.add(name, new TextReader(text));
  return zip.close();
}

/** A workbook on disk that counts how often it was closed. */
export interface TestFile extends WorkbookFile {
  closed: number;
}

/** Opens bytes as a file that only its handle keeps. */
export async function fileOf(bytes: Uint8Array): Promise<TestFile> {
  const folder = await mkdtemp(join(tmpdir(), 'xlsx-test-'));
  const path = join(folder, 'workbook.xlsx');
  await writeFile(path, bytes);
  const file = await open(path, 'r');
  await rm(folder, { recursive: true });
  const opened: TestFile = {
    file,
    size: bytes.length,
    closed: 0,
    close: async () => {
      opened.closed += 1;
      if (opened.closed === 1) await file.close();
    },
  };
  return opened;
}

/** Returns the CSV text of a sheet. */
export async function csvOf(
  bytes: Uint8Array | Promise<Uint8Array>,
  options: Partial<SheetOptions> = {},
): Promise<string> {
  const workbook = await fileOf(await bytes);
  let text = '';
  const all = { maxCellChars: 1_000_000, maxUnpackedBytes: 100_000_000, ...options };
  for await (const piece of sheetAsCsv(workbook, all)) text += piece;
  return text;
}
