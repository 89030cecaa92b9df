import { KEPT_MESSAGE_CHARS } from './batch.js';
import { quotedText, type JobDatabase } from './database.js';
import type { RowFilter } from './questions.js';
import { whereOf } from './where.js';

/** A second thread would collect groups out of order in memory. The writer needs twice a group of long messages. */
const RESOURCES = { threads: 1, memory: '128MB' };
/** DuckDB collects a group of rows in memory before it writes it. */
const ROW_GROUP_CHARS = 8 * 1024 * 1024;
/** The default of DuckDB, and the smallest that it takes. */
const [MAX_GROUP_ROWS, MIN_GROUP_ROWS] = [122_880, 2048];

/**
 * Writes the rows that fit a filter as Parquet, in the order of the input: row, line, source, log_message, target_label,
 * tier, confidence, rule, note, time and template. A message has at most KEPT_MESSAGE_CHARS characters.
 * @param file must not exist
 */
export async function writeParquet(database: JobDatabase, file: string, filter: RowFilter): Promise<void> {
  const where = whereOf(filter, (names) => database.idsOf(names));
  const names = database.names.map(quotedText).join(', ');
  const nameOf = (column: string): string => `CAST([${names}] AS VARCHAR[])[${column} + 1]`;
  const [size] = await database.all('SELECT avg(length(message)) AS chars FROM rows');
  const fitting = Math.floor(ROW_GROUP_CHARS / Math.max(1, Number(size?.chars ?? 1)));
  const groupRows = Math.min(MAX_GROUP_ROWS, Math.max(MIN_GROUP_ROWS, fitting));
  // COPY takes no parameters for its file. It keeps the order of a table without sorting.
  const copy = `COPY (
       SELECT row + 1 AS row, line, source, left(message, ${KEPT_MESSAGE_CHARS}) AS log_message,
         ${nameOf('label')} AS target_label, ${nameOf('tier')} AS tier, confidence, ${nameOf('rule')} AS rule,
         ${nameOf('note')} AS note, make_timestamp(time * 1000) AS time, printf('%016x', kind) AS template
       FROM rows WHERE ${where.sql}
     ) TO ${quotedText(file)} (FORMAT parquet, ROW_GROUP_SIZE ${groupRows})`;
  await database.using(RESOURCES, () => database.all(copy, where.values));
}
