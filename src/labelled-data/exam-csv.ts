import { findColumn } from '../formats/csv/column-names.js';
import { FIELD } from '../log-record.js';
import {
  DataError,
  hashedFile,
  openTable,
  tableRows,
  type LabelledOptions,
  type LabelledRecord,
} from './labelled-csv.js';

/** A log line of an exam. Its `label` is the first right label. */
export interface ExamRecord extends LabelledRecord {
  /** The right labels, one or more. The first one is the best. */
  accepted: readonly string[];
  /** The name of the pair that the line belongs to; missing if it belongs to none. */
  pair?: string;
}

/** The lines of an exam. */
export interface ExamFile {
  records: ExamRecord[];
  /** The line numbers of the rows without a label. These rows are not in `records`. */
  unlabelled: number[];
  /** SHA-256 of the file's bytes, in hex. */
  sha256: string;
}

/** The column of several right labels. A file without it needs `target_label`. */
const EXPECTED = 'expected';

/**
 * Reads a CSV file with the columns of a record and `expected`, whose cells hold the right labels separated by `|`. If
 * this column is missing, `target_label` holds a single right label. Reads the column `pair` if it is present.
 * @returns undefined if the file has neither column, so it is not labelled
 * @throws DataError when the content is malformed or no row has a label; the message begins with the path of the file
 * @throws the system's error when the file cannot be read
 */
export async function readExamFile(file: string, options: LabelledOptions): Promise<ExamFile | undefined> {
  const { data, sha256 } = await hashedFile(file, async (bytes) => ({
    data: await readExamCsv(bytes, options),
  }));
  return data && { ...data, sha256 };
}

async function readExamCsv(
  bytes: AsyncIterable<Uint8Array>,
  options: LabelledOptions,
): Promise<Omit<ExamFile, 'sha256'> | undefined> {
  const table = await openTable(bytes, options);
  const hasExpected = findColumn(table.layout.header, EXPECTED) !== -1;
  if (!hasExpected && table.columns.label === -1) {
    await table.close();
    return undefined;
  }
  const labelColumn = hasExpected ? EXPECTED : FIELD.label;
  const [records, unlabelled]: [ExamRecord[], number[]] = [[], []];
  for await (const { record, cells, line } of tableRows(table, [labelColumn, 'pair'])) {
    const [cell = '', pair = ''] = cells;
    const accepted = hasExpected ? toLabels(cell) : [cell].filter((label) => label !== '');
    const [label] = accepted;
    if (label === undefined) unlabelled.push(line);
    else records.push({ ...record, label, accepted, ...(pair === '' ? {} : { pair }), line });
  }
  if (records.length === 0) {
    throw new DataError(`No row has a label in the column "${labelColumn}".`);
  }
  return { records, unlabelled };
}

/** Splits right labels that are separated by `|`. */
export function toLabels(cell: string): string[] {
  return cell
    .split('|')
    .map((label) => label.trim())
    .filter((label) => label !== '');
}
