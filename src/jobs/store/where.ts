import type { DuckDBValue } from '@duckdb/node-api';
import { kindFromText } from './batch.js';
import type { RowFilter } from './questions.js';

/** Conditions of SQL and the values for their question marks. */
export interface Where {
  readonly sql: string;
  readonly values: DuckDBValue[];
}

/** Returns the numbers of names that are stored as numbers. Names that do not occur have none. */
type IdsOf = (names: readonly string[]) => number[];

/**
 * Returns the conditions of a filter for the table `rows` or `kinds`, which have the same columns for them. Values never
 * become part of the SQL.
 */
export function whereOf(filter: RowFilter, idsOf: IdsOf): Where {
  const conditions: Where[] = [];
  const oneOf = (column: string, values: readonly DuckDBValue[] | undefined): void => {
    if (!values) return;
    const marks = values.map(() => '?').join(', ');
    conditions.push({ sql: values.length === 0 ? 'false' : `${column} IN (${marks})`, values: [...values] });
  };
  const compare = (sql: string, value: DuckDBValue | undefined): void => {
    if (value !== undefined) conditions.push({ sql, values: [value] });
  };
  const { templates, labels, tiers, notes } = filter;
  oneOf(
    'kind',
    templates?.map(kindFromText).filter((kind) => kind !== undefined),
  );
  oneOf('label', labels && idsOf(labels));
  oneOf('tier', tiers && idsOf(tiers));
  oneOf('note', notes && idsOf(notes));
  oneOf('source', filter.sources);
  oneOf('own_label', filter.ownLabels);
  compare('confidence >= ?', filter.minConfidence);
  compare('confidence <= ?', filter.maxConfidence);
  compare('time >= ?', filter.since === undefined ? undefined : BigInt(filter.since));
  compare('time < ?', filter.until === undefined ? undefined : BigInt(filter.until));
  return all(conditions);
}

/** Joins conditions that must all hold. */
export function all(conditions: readonly Where[]): Where {
  return {
    sql: conditions.length === 0 ? 'true' : conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

/** A condition that a column contains a text, in any case. */
export function contains(columns: readonly string[], text: string): Where {
  const lower = text.toLowerCase();
  return {
    sql: columns.map((column) => `contains(lower(${column}), ?)`).join(' OR '),
    values: columns.map(() => lower),
  };
}
