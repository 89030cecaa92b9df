import type { JobDatabase } from './database.js';

/** A number of rows for a combination of values. */
export interface Count<Of extends string> {
  readonly of: Readonly<Record<Of, string>>;
  readonly rows: number;
}

/** What a finished job shows at a glance. */
export interface Summary {
  readonly rows: number;
  readonly templates: number;
  readonly rejected: number;
  readonly sources: number;
  readonly labels: readonly Count<'label' | 'tier'>[];
  /** The sources with the most rows; further ones are left out. */
  readonly sourceLabels: readonly Count<'source' | 'label'>[];
  readonly notes: readonly Count<'note'>[];
  /** How many rows of the embedding tier have a confidence from i / 20 on, and below (i + 1) / 20. */
  readonly confidence: readonly number[];
  /** Missing if no row has a time. */
  readonly times?: Times;
  /** Missing if the input had no labels of its own. */
  readonly ownLabels?: OwnLabels;
}

/** Labels over time. */
export interface Times {
  /** The first and the last time of a row, in milliseconds since 1970. */
  readonly first: number;
  readonly last: number;
  /** The length of an interval in milliseconds. Interval i begins at `start + i * width`. */
  readonly start: number;
  readonly width: number;
  readonly rowsWithTime: number;
  readonly labels: readonly { readonly label: string; readonly rows: readonly number[] }[];
}

/** How the labels agree with those that the input had. */
export interface OwnLabels {
  /** Rows that had a label. */
  readonly rows: number;
  readonly agreeing: number;
  /** The combinations with the most rows; further ones are left out. */
  readonly pairs: readonly Count<'own' | 'label'>[];
}

const MAX_SOURCES = 50;
const MAX_PAIRS = 400;
const CONFIDENCE_BINS = 20;
const MAX_INTERVALS = 60;

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
/** Lengths of intervals that people read easily. */
const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * SECOND),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365, 3650].map((days) => days * DAY),
];

/** The name of a stored number. Numbers are given in the order of appearance, so they are no order for clients. */
const nameOf = (column: string): string => `(SELECT name FROM names WHERE id = ${column})`;

/** Computes the summary of a job whose kinds are counted. */
export async function summarise(database: JobDatabase): Promise<Summary> {
  const name = (id: unknown): string => database.nameOf(id as number) ?? '';
  const number = async (sql: string): Promise<number> => Number((await database.all(sql))[0]?.n ?? 0);
  const labels = await database.all(
    `SELECT label, tier, sum(rows) AS rows FROM kinds GROUP BY label, tier
     ORDER BY rows DESC, ${nameOf('label')}, ${nameOf('tier')}`,
  );
  const notes = await database.all(
    `SELECT note, sum(rows) AS rows FROM kinds WHERE note IS NOT NULL GROUP BY note ORDER BY rows DESC, ${nameOf('note')}`,
  );
  const times = await timesOf(database);
  const ownLabels = await ownLabelsOf(database);
  return {
    rows: await database.rowCount(),
    templates: await number('SELECT count(*) AS n FROM kinds'),
    rejected: await number('SELECT count(*) AS n FROM rejected'),
    sources: await number('SELECT count(DISTINCT source) AS n FROM kind_sources'),
    labels: labels.map(({ label, tier, rows }) => ({
      of: { label: name(label), tier: name(tier) },
      rows: Number(rows),
    })),
    sourceLabels: await sourceLabelsOf(database),
    notes: notes.map(({ note, rows }) => ({ of: { note: name(note) }, rows: Number(rows) })),
    confidence: await confidenceOf(database),
    ...(times ? { times } : {}),
    ...(ownLabels ? { ownLabels } : {}),
  };
}

async function sourceLabelsOf(database: JobDatabase): Promise<Summary['sourceLabels']> {
  const found = await database.all(
    `WITH largest AS (
       SELECT source, sum(rows) AS total FROM kind_sources GROUP BY source ORDER BY total DESC, source LIMIT ?
     )
     SELECT kind_sources.source AS source, label, sum(kind_sources.rows) AS rows
     FROM kind_sources JOIN kinds USING (kind) JOIN largest ON largest.source = kind_sources.source
     GROUP BY kind_sources.source, label, total ORDER BY total DESC, kind_sources.source, rows DESC, ${nameOf('label')}`,
    [MAX_SOURCES],
  );
  return found.map(({ source, label, rows }) => ({
    of: { source: String(source), label: database.nameOf(label) ?? '' },
    rows: Number(rows),
  }));
}

async function confidenceOf(database: JobDatabase): Promise<number[]> {
  const bins = new Array<number>(CONFIDENCE_BINS).fill(0);
  const found = await database.all(
    `SELECT least(${CONFIDENCE_BINS - 1}, floor(confidence * ${CONFIDENCE_BINS})) AS bin, sum(rows) AS rows
     FROM kinds WHERE tier IN (SELECT id FROM names WHERE name = 'embedding') AND confidence IS NOT NULL GROUP BY bin`,
  );
  for (const { bin, rows } of found) bins[Number(bin)] = Number(rows);
  return bins;
}

async function timesOf(database: JobDatabase): Promise<Times | undefined> {
  const [range] = await database.all(
    'SELECT min(time) AS first, max(time) AS last, count(time) AS rows FROM rows',
  );
  if (!range || Number(range.rows) === 0) return undefined;
  const [first, last] = [Number(range.first), Number(range.last)];
  const width = WIDTHS.find((candidate) => (last - first) / candidate < MAX_INTERVALS - 1) ?? 10 * 3650 * DAY;
  const start = Math.floor(first / width) * width;
  const intervals = Math.floor((last - start) / width) + 1;
  const found = await database.all(
    'SELECT label, (time - ?) // ? AS interval, count(*) AS rows FROM rows WHERE time IS NOT NULL GROUP BY ALL',
    [BigInt(start), BigInt(width)],
  );
  const byLabel = new Map<string, number[]>();
  for (const { label, interval, rows } of found) {
    const name = database.nameOf(label) ?? '';
    const counts = byLabel.get(name) ?? new Array<number>(intervals).fill(0);
    counts[Number(interval)] = Number(rows);
    byLabel.set(name, counts);
  }
  const labels = [...byLabel].map(([label, rows]) => ({ label, rows }));
  labels.sort((a, b) => a.label.localeCompare(b.label, 'en'));
  return { first, last, start, width, rowsWithTime: Number(range.rows), labels };
}

async function ownLabelsOf(database: JobDatabase): Promise<OwnLabels | undefined> {
  const [total] = await database.all(
    `SELECT count(own_label) AS rows, count(*) FILTER (own_label = name) AS agreeing
     FROM rows JOIN names ON names.id = rows.label WHERE own_label IS NOT NULL`,
  );
  if (!total || Number(total.rows) === 0) return undefined;
  const pairs = await database.all(
    `SELECT own_label, label, count(*) AS rows FROM rows WHERE own_label IS NOT NULL
     GROUP BY own_label, label ORDER BY rows DESC, own_label, ${nameOf('label')} LIMIT ${MAX_PAIRS}`,
  );
  return {
    rows: Number(total.rows),
    agreeing: Number(total.agreeing),
    pairs: pairs.map(({ own_label, label, rows }) => ({
      of: { own: String(own_label), label: database.nameOf(label) ?? '' },
      rows: Number(rows),
    })),
  };
}
