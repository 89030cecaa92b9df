import type { WorkbookArchive } from './workbook-archive.js';
import { malformedWorkbook } from './errors.js';
import { readWholeXml } from './read-xml.js';

/** A link from one file of a workbook to another. */
export interface Relationship {
  id: string;
  /** The last part of the type, such as `worksheet`. It is the same in transitional and strict workbooks. */
  type: string;
  /** The path of the other file in the archive. */
  path: string;
}

/** Maximum number of links of a file. */
const maxRelationships = 10_000;
/** Maximum number of characters of a tag. */
const maxTagChars = 65_536;

/**
 * Reads the links of a file.
 * @param of the path of the file; empty for the links of the archive
 * @returns no links if the archive has none for the file
 * @throws AppError `xlsx_malformed`
 */
export async function readRelationships(archive: WorkbookArchive, of: string): Promise<Relationship[]> {
  const folder = of.slice(0, of.lastIndexOf('/') + 1);
  const path = `${folder}_rels/${of.slice(folder.length)}.rels`;
  const found: Relationship[] = [];
  if (!archive.has(path)) return found;
  const open = (name: string, { Id, Type, Target, TargetMode }: Readonly<Record<string, string>>): void => {
    if (name !== 'Relationship' || TargetMode?.toLowerCase() === 'external') return;
    if (found.length === maxRelationships) throw malformedWorkbook('The workbook has too many links.');
    if (Target === undefined) return;
    const type = (Type ?? '').slice((Type ?? '').lastIndexOf('/') + 1);
    found.push({ id: Id ?? '', type, path: resolvePath(folder, Target) });
  };
  await readWholeXml(archive.bytes(path), { open }, maxTagChars);
  return found;
}

/** Resolves a path relative to a folder. A path cannot leave the archive, because it names nothing else. */
function resolvePath(folder: string, target: string): string {
  const parts: string[] = [];
  const path = target.replaceAll('\\', '/');
  for (const part of (path.startsWith('/') ? path : folder + path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
