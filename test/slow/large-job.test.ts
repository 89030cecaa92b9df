import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kindOf, type RowBatch } from '../../src/jobs/store/batch.js';
import { JobDatabase } from '../../src/jobs/store/database.js';
import { countKinds, templatesPage } from '../../src/jobs/store/kinds.js';
import { writeParquet } from '../../src/jobs/store/parquet.js';

const ROWS = 60_000;
const ROWS_PER_BATCH = 500;
const LABEL = { label: 'Error', tier: 'embedding', confidence: 0.9 } as const;
const FILLER = Array.from({ length: 1000 }, (_, i) => (i * 7919).toString(36)).join(' ');

/** A batch whose rows all have long texts and kinds of their own. */
function batchFrom(firstRow: number): RowBatch {
  const messages = Array.from({ length: ROWS_PER_BATCH }, (_, i) =>
    `${(firstRow + i).toString(36)} ${FILLER.slice(i)}`.slice(0, 4000),
  );
  const all = <Value>(value: Value): Value[] => messages.map(() => value);
  const kinds = messages.map((message) => kindOf(message, LABEL));
  return {
    ...{ firstRow, messages, kinds, lines: messages.map((_, i) => firstRow + i + 1), sources: all('A') },
    ...{
      labels: all('Error'),
      tiers: all('embedding'),
      confidences: all(0.9),
      rules: all(null),
      notes: all(null),
    },
    ...{ tops: all(null), times: all(null), ownLabels: all(null), cuts: all(false) },
    templates: messages.map((template, i) => ({ kind: kinds[i] ?? 0n, template, example: template })),
  };
}

it('240 MB of distinct long messages are kept, counted, searched and written as Parquet in the memory of the store', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'large-job-'));
  const database = await JobDatabase.open(dir);
  try {
    for (let row = 0; row < ROWS; row += ROWS_PER_BATCH) await database.append(batchFrom(row));
    await database.commit();
    await countKinds(database);
    const question = { filter: { sources: ['A'] }, text: 'A', order: 'rows', skip: 0, limit: 500 } as const;
    const page = await templatesPage(database, question);
    expect([page.count, page.rows, page.templates.length]).toEqual([ROWS, ROWS, 500]);
    const file = join(dir, 'rows.parquet');
    await writeParquet(database, file, {});
    const [found] = await database.all(
      `SELECT count(*) AS count, bool_and(row = file_row_number + 1) AS ordered FROM read_parquet('${file}', file_row_number = true)`,
    );
    expect(found).toEqual({ count: BigInt(ROWS), ordered: true });
  } finally {
    database.close();
    await rm(dir, { recursive: true });
  }
}, 300_000);
