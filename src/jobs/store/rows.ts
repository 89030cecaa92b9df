import { kindToText, type RejectedRow } from './batch.js';
import type { JobDatabase, ResultRow } from './database.js';
import type { RowFilter, RowsPage, RowsQuestion, StoredRow } from './questions.js';
import type { RecordLabel } from '../../log-record.js';
import { all, contains, whereOf } from './where.js';

/** A text search looks through this many rows for one page, so that no question takes long. */
const ROWS_SEARCHED = 500_000;

/** Returns a page of rows. A page of a text search covers ROWS_SEARCHED rows at most. */
export async function rowsPage(
  database: JobDatabase,
  { filter, text, from, limit }: RowsQuestion,
): Promise<RowsPage> {
  const until = text === undefined ? undefined : from + ROWS_SEARCHED;
  const where = all([
    { sql: 'row >= ?', values: [from] },
    ...(until === undefined ? [] : [{ sql: 'row < ?', values: [until] }]),
    whereOf(filter, (names) => database.idsOf(names)),
    ...(text === undefined ? [] : [contains(['message'], text)]),
  ]);
  // One row more tells whether there is a next page.
  const found = await database.all(`SELECT * FROM rows WHERE ${where.sql} ORDER BY row LIMIT ?`, [
    ...where.values,
    limit + 1,
  ]);
  const rows = found.slice(0, limit).map((row) => toRow(row, database));
  const beyond = found[limit];
  if (beyond) return { rows, next: Number(beyond.row) };
  const searchGoesOn = until !== undefined && until < (await database.rowCount());
  return { rows, next: searchGoesOn ? until : null };
}

/** The labels of consecutive rows, and which of the rows fit a filter. */
export interface StoredLabels {
  readonly labels: readonly RecordLabel[];
  readonly fits: readonly boolean[];
}

/** Returns the labels of up to `count` rows from a row on, in order. */
export async function labelsOf(
  database: JobDatabase,
  from: number,
  count: number,
  filter: RowFilter,
): Promise<StoredLabels> {
  const where = whereOf(filter, (names) => database.idsOf(names));
  const [labels = [], tiers = [], confidences = [], rules = [], notes = [], tops = [], fits = []] =
    await database.columns(
      `SELECT label, tier, confidence, rule, note, top, coalesce(${where.sql}, false)
     FROM rows WHERE row >= ? AND row < ? ORDER BY row`,
      [...where.values, from, from + count],
    );
  return {
    labels: labels.map((label, index) => {
      const rule = database.nameOf(rules[index]);
      const note = database.nameOf(notes[index]);
      const top = tops[index];
      return {
        label: database.nameOf(label) ?? '',
        tier: database.nameOf(tiers[index]) ?? '',
        confidence: confidences[index] as number | null,
        ...(rule === null ? {} : { rule }),
        ...(note === null ? {} : { note }),
        ...(typeof top === 'string' ? { top: JSON.parse(top) as RecordLabel['top'] & object } : {}),
      };
    }),
    fits: fits.map(Boolean),
  };
}

/** Returns rejected rows in the order of the input. */
export async function rejectedRows(
  database: JobDatabase,
  skip: number,
  limit: number,
): Promise<RejectedRow[]> {
  const found = await database.all('SELECT * FROM rejected ORDER BY rowid LIMIT ? OFFSET ?', [limit, skip]);
  return found.map(({ line, reason, text, is_cut }) => ({
    line: Number(line),
    reason: String(reason),
    text: String(text),
    isCut: Boolean(is_cut),
  }));
}

function toRow(row: ResultRow, database: JobDatabase): StoredRow {
  return {
    row: Number(row.row),
    line: Number(row.line),
    source: String(row.source),
    message: String(row.message),
    ...database.labelOf(row),
    time: row.time === null ? null : Number(row.time),
    ownLabel: row.own_label as string | null,
    template: kindToText(row.kind as bigint),
  };
}
