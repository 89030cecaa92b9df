import { kindToText } from './batch.js';
import type { JobDatabase, ResultRow } from './database.js';
import type { StoredTemplate, TemplateOrder, TemplatesPage, TemplatesQuestion } from './questions.js';
import { all, contains, whereOf, type Where } from './where.js';

/**
 * Counts the rows of each kind, and of each kind and source, once all rows are there. Questions about templates then read
 * a table of hundreds of rows instead of millions.
 */
export async function countKinds(database: JobDatabase): Promise<void> {
  await database.run(`
    BEGIN;
    CREATE OR REPLACE TABLE kind_sources AS
      SELECT kind, source, count(*) AS rows FROM rows GROUP BY kind, source;
    CREATE OR REPLACE TABLE kinds AS
      SELECT counted.*, texts.template, texts.example, by_source.source, by_source.sources
      FROM (
        SELECT kind, any_value(label) AS label, any_value(tier) AS tier, any_value(rule) AS rule, any_value(note) AS note,
          min(confidence) AS confidence, count(*) AS rows, min(row) AS first_row, min(line) AS first_line,
          max(line) AS last_line
        FROM rows GROUP BY kind
      ) AS counted
      JOIN (SELECT kind, min(template) AS template, arg_min(example, rowid) AS example FROM templates GROUP BY kind) AS texts
        USING (kind)
      JOIN (SELECT kind, first(source ORDER BY rows DESC, source) AS source, count(*) AS sources FROM kind_sources GROUP BY kind) AS by_source
        USING (kind);
    COMMIT;
    CHECKPOINT;
  `);
}

const ORDER: Readonly<Record<TemplateOrder, string>> = {
  rows: 'rows DESC, first_row',
  // A kind without a confidence, such as one of the LLM, comes last.
  confidence: 'confidence ASC NULLS LAST, rows DESC, first_row',
  first: 'first_row',
};

/** Returns a page of templates. */
export async function templatesPage(
  database: JobDatabase,
  { filter, text, order, skip, limit }: TemplatesQuestion,
): Promise<TemplatesPage> {
  const { sources, ...others } = filter;
  const where = all([
    whereOf(others, (names) => database.idsOf(names)),
    ...(sources ? [inSources(sources)] : []),
    ...(text === undefined ? [] : [contains(['template', 'example'], text)]),
  ]);
  const [total] = await database.all(
    `SELECT count(*) AS count, coalesce(sum(rows), 0) AS rows FROM kinds WHERE ${where.sql}`,
    where.values,
  );
  const found = await database.all(
    `SELECT * FROM kinds WHERE ${where.sql} ORDER BY ${ORDER[order]} LIMIT ? OFFSET ?`,
    [...where.values, limit, skip],
  );
  return {
    templates: found.map((kind) => toTemplate(kind, database)),
    count: Number(total?.count),
    rows: Number(total?.rows),
  };
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
