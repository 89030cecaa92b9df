import type { DuckDBValue } from '@duckdb/node-api';
import { kindToText } from './batch.js';
import type { JobDatabase, ResultRow } from './database.js';
import type { StoredTemplate, TemplateOrder, TemplatesPage, TemplatesQuestion } from './questions.js';
import { all, contains, whereOf, type Where } from './where.js';

/** Above every number of a row: DuckDB counts them in 32 bits. */
const ROWS_END = 2 ** 31;

/**
 * Counts the rows of each kind, and of each kind and source, once all rows are there. Questions about templates then read
 * a table of hundreds of rows instead of millions.
 *
 * A job may have millions of kinds with long texts. DuckDB moves groups to the disk only if their aggregates have a fixed
 * size, so a kind refers to its texts: `text` is the row of its first template, `most` the row of `kind_sources` with its
 * most frequent source. Of equally frequent sources, it is the one that comes first in the input. Each statement is its own
 * transaction, because rows have other numbers until they are committed; a job that is interrupted counts again.
 */
export async function countKinds(database: JobDatabase): Promise<void> {
  await database.using(TO_COUNT, () => database.run(COUNT_KINDS));
}

/** The groups of a second thread would take memory while the job's last rows still do. */
const TO_COUNT = { threads: 1 };

const COUNT_KINDS = `
    CREATE OR REPLACE TABLE kind_sources AS
      SELECT kind, source, count(*) AS rows, count(*) * ${ROWS_END} - min(row) AS rank
      FROM rows GROUP BY kind, source;
    CREATE OR REPLACE TEMP TABLE counted AS
      SELECT kind, any_value(label) AS label, any_value(tier) AS tier, any_value(rule) AS rule, any_value(note) AS note,
        min(confidence) AS confidence, count(*) AS rows, min(row) AS first_row, min(line) AS first_line,
        max(line) AS last_line
      FROM rows GROUP BY kind;
    CREATE OR REPLACE TEMP TABLE texts AS
      SELECT kind, min(rowid) AS text FROM templates GROUP BY kind;
    CREATE OR REPLACE TEMP TABLE by_source AS
      SELECT kind, max(rank) AS rank, count(*) AS sources FROM kind_sources GROUP BY kind;
    CREATE OR REPLACE TABLE kinds AS
      SELECT counted.*, texts.text, by_source.sources, kind_sources.rowid AS most
      FROM counted
      JOIN texts USING (kind)
      JOIN by_source USING (kind)
      JOIN kind_sources ON kind_sources.kind = counted.kind AND kind_sources.rank = by_source.rank;
    DROP TABLE counted;
    DROP TABLE texts;
    DROP TABLE by_source;
    CHECKPOINT;
  `;

const ORDER: Readonly<Record<TemplateOrder, string>> = {
  rows: 'rows DESC, first_row',
  // A kind without a confidence, such as one of the LLM, comes last.
  confidence: 'confidence ASC NULLS LAST, rows DESC, first_row',
  first: 'first_row',
};

/** DuckDB reads 2,048 rows at a time. Of long texts, that takes 16 MB, and twice as much to search them. */
const TO_READ_TEXTS = { memory: '128MB' };

/** Returns a page of templates. */
export async function templatesPage(
  database: JobDatabase,
  question: TemplatesQuestion,
): Promise<TemplatesPage> {
  return await database.using(TO_READ_TEXTS, () => findTemplates(database, question));
}

async function findTemplates(
  database: JobDatabase,
  { filter, text, order, skip, limit }: TemplatesQuestion,
): Promise<TemplatesPage> {
  const { sources, ...others } = filter;
  const where = all([
    whereOf(others, (names) => database.idsOf(names)),
    ...(sources ? [inSources(sources)] : []),
    ...(text === undefined ? [] : [{ sql: 'text IN (SELECT text FROM found)', values: [] }]),
  ]);
  if (text !== undefined) {
    // A statement of its own: joined with kinds, DuckDB would keep the texts in memory.
    const has = contains(['template', 'example'], text);
    const find = `SELECT rowid AS text FROM templates WHERE ${has.sql}`;
    await database.all(`CREATE OR REPLACE TEMP TABLE found AS ${find}`, has.values);
  }
  const [total] = await database.all(
    `SELECT count(*) AS count, coalesce(sum(rows), 0) AS rows FROM kinds WHERE ${where.sql}`,
    where.values,
  );
  const page = await database.all(
    `SELECT * FROM kinds WHERE ${where.sql} ORDER BY ${ORDER[order]} LIMIT ? OFFSET ?`,
    [...where.values, limit, skip],
  );
  const texts = await rowsById(
    database,
    'templates',
    page.map(({ text: id }) => id as bigint),
  );
  const sourcesOf = await rowsById(
    database,
    'kind_sources',
    page.map(({ most }) => most as bigint),
  );
  return {
    templates: page.map((kind) =>
      toTemplate({ ...texts.get(kind.text), ...sourcesOf.get(kind.most), ...kind }, database),
    ),
    count: Number(total?.count),
    rows: Number(total?.rows),
  };
}

/** Returns rows of a table by their numbers, which become part of the SQL. A join would keep the texts of all rows in memory. */
async function rowsById(
  database: JobDatabase,
  table: 'templates' | 'kind_sources',
  ids: readonly bigint[],
): Promise<Map<DuckDBValue | undefined, ResultRow>> {
  if (ids.length === 0) return new Map();
  const found = await database.all(`SELECT rowid AS id, * FROM ${table} WHERE rowid IN (${ids.join(', ')})`);
  return new Map(found.map((row) => [row.id, row]));
}

function inSources(sources: readonly string[]): Where {
  const marks = sources.map(() => '?').join(', ');
  return { sql: `kind IN (SELECT kind FROM kind_sources WHERE source IN (${marks}))`, values: [...sources] };
}

function toTemplate(kind: ResultRow, database: JobDatabase): StoredTemplate {
  return {
    id: kindToText(kind.kind as bigint),
    template: String(kind.template),
    example: String(kind.example),
    ...database.labelOf(kind),
    rows: Number(kind.rows),
    firstLine: Number(kind.first_line),
    lastLine: Number(kind.last_line),
    source: String(kind.source),
    sources: Number(kind.sources),
  };
}
