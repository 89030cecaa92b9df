import type { JobDatabase } from './database.js';

/** Counts of labelled rows, as far as a job has come. */
export interface RowCounts {
  rows: number;
  labels: Record<string, number>;
  tiers: Record<string, number>;
  notes: Record<string, number>;
  /** Rows of whose message the embedding tier read only parts. */
  cut: number;
}

/** Counts the committed rows. A job that goes on after a restart counts on from here. */
export async function storedCounts(database: JobDatabase): Promise<RowCounts> {
  const counts: RowCounts = { rows: 0, labels: {}, tiers: {}, notes: {}, cut: 0 };
  const found = await database.all(
    'SELECT label, tier, note, count(*) AS rows, count(*) FILTER (is_cut) AS cut FROM rows GROUP BY label, tier, note',
  );
  for (const group of found) {
    const rows = Number(group.rows);
    counts.rows += rows;
    counts.cut += Number(group.cut);
    add(counts.labels, database.nameOf(group.label), rows);
    add(counts.tiers, database.nameOf(group.tier), rows);
    add(counts.notes, database.nameOf(group.note), rows);
  }
  return counts;
}

/** Adds to the count of a name; a missing name is not counted. */
export function add(counts: Record<string, number>, name: string | null | undefined, rows: number): void {
  if (name !== null && name !== undefined) counts[name] = (counts[name] ?? 0) + rows;
}
