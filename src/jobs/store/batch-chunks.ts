import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  INTEGER,
  SMALLINT,
  VARCHAR,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { KindTemplate, RejectedRow, RowBatch } from './batch.js';

const ROW_TYPES = [
  ...[INTEGER, INTEGER, BIGINT, VARCHAR, SMALLINT, SMALLINT, DOUBLE],
  ...[SMALLINT, SMALLINT, VARCHAR, BIGINT, VARCHAR, BOOLEAN, VARCHAR],
];
const TEMPLATE_TYPES = [BIGINT, VARCHAR, VARCHAR];
const REJECTED_TYPES = [INTEGER, VARCHAR, VARCHAR, BOOLEAN];

/** Returns batches as chunks of DuckDB, one for each table. A chunk is valid until the next one for its table. */
export class BatchChunks {
  readonly #rows = new ReusedChunk(ROW_TYPES);
  readonly #templates = new ReusedChunk(TEMPLATE_TYPES);
  readonly #rejected = new ReusedChunk(REJECTED_TYPES);

  /** @param idOf returns the number that is stored for a name */
  rows({ lines, firstRow, ...batch }: RowBatch, idOf: (name: string) => number): DuckDBDataChunk {
    const idsOf = (names: readonly (string | null)[]): (number | null)[] =>
      names.map((name) => (name === null ? null : idOf(name)));
    return this.#rows.of([
      lines.map((_, index) => firstRow + index),
      lines,
      batch.kinds,
      batch.sources,
      idsOf(batch.labels),
      idsOf(batch.tiers),
      batch.confidences,
      idsOf(batch.rules),
      idsOf(batch.notes),
      batch.tops,
      batch.times.map((time) => (time === null ? null : BigInt(Math.round(time)))),
      batch.ownLabels,
      batch.cuts,
      batch.messages,
    ]);
  }

  templates(templates: readonly KindTemplate[]): DuckDBDataChunk {
    return this.#templates.of([
      templates.map(({ kind }) => kind),
      templates.map(({ template }) => template),
      templates.map(({ example }) => example),
    ]);
  }

  rejected(rows: readonly RejectedRow[]): DuckDBDataChunk {
    return this.#rejected.of([
      rows.map(({ line }) => line),
      rows.map(({ reason }) => reason),
      rows.map(({ text }) => text),
      rows.map(({ isCut }) => isCut),
    ]);
  }
}

/** Fills one chunk again and again. The memory of a new one would be freed only when JavaScript collects its small object. */
class ReusedChunk {
  #chunk: DuckDBDataChunk | undefined;

  constructor(private readonly types: Parameters<typeof DuckDBDataChunk.create>[0]) {}

  /** Returns the chunk with these columns. It is valid until the next call. */
  of(columns: readonly (readonly DuckDBValue[])[]): DuckDBDataChunk {
    this.#chunk ??= DuckDBDataChunk.create(this.types);
    this.#chunk.reset();
    this.#chunk.rowCount = columns[0]?.length ?? 0;
    this.#chunk.setColumns(columns);
    return this.#chunk;
  }
}

/** Returns how many characters of messages and templates a batch has. */
export function charsOfBatch({ messages, templates }: RowBatch): number {
  return charsOf(messages) + charsOf(templates.flatMap(({ template, example }) => [template, example]));
}

/** Returns how many characters rejected rows have. */
export function charsOfRejected(rows: readonly RejectedRow[]): number {
  return charsOf(rows.map(({ text }) => text));
}

function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}
