import { KEPT_MESSAGE_CHARS } from './batch.js';
import type { JobDatabase } from './database.js';
import type { RowFilter } from './questions.js';
import { whereOf } from './where.js';

/**
 * Writes the rows that fit a filter as Parquet: row, line, source, log_message, target_label, tier, confidence, rule,
 * note, time and template. A message has at most KEPT_MESSAGE_CHARS characters.
 * @param file must not exist
 */
export async function writeParquet(database: JobDatabase, file: string, filter: RowFilter): Promise<void> {
  const where = whereOf(filter, (names) => database.idsOf(names));
  // COPY takes no parameters for its file. The server chose the name; a quote in the folder's name is doubled.
  await database.all(
    `COPY (
       SELECT rows.row + 1 AS row, line, source, left(message, ${KEPT_MESSAGE_CHARS}) AS log_message, labels.name AS target_label, tiers.name AS tier,
         confidence, rules.name AS rule, notes.name AS note, make_timestamp(time * 1000) AS time,
         printf('%016x', kind) AS template
       FROM rows
         LEFT JOIN names AS labels ON labels.id = label LEFT JOIN names AS tiers ON tiers.id = tier
         LEFT JOIN names AS rules ON rules.id = rule LEFT JOIN names AS notes ON notes.id = note
       WHERE ${where.sql} ORDER BY rows.row
     ) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`,
    where.values,
  );
}
