import { toTemplate } from '../../classifier/template/template.js';
import { oneLine, percent, textTable } from '../../evaluation/render/text-table.js';
import type { LogRecord, RecordLabel } from '../../log-record.js';

/** More templates than this are counted as one, `other templates`. */
const MAX_TEMPLATES = 100_000;
/** Templates with equal starts count as one. It bounds the memory. */
const TEMPLATE_CHARS = 300;

const SHOWN_TEMPLATES = 20;
const SHOWN_CHARS = 100;

/** Counts rows by label and by template, in bounded memory. */
export class Summary {
  #rows = 0;
  readonly #labels = new Map<string, number>();
  readonly #templates = new Map<string, { rows: number; label: string }>();
  /** The rows whose template is one too many. */
  #otherRows = 0;

  constructor(private readonly maxTemplates = MAX_TEMPLATES) {}

  /** Counts the rows of a chunk. */
  add(records: readonly LogRecord[], labels: readonly RecordLabel[]): void {
    records.forEach(({ message }, i) => {
      const label = labels[i]?.label ?? '';
      this.#rows += 1;
      this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
      this.#addTemplate(toTemplate(message).slice(0, TEMPLATE_CHARS), label);
    });
  }

  /** Returns the counts as two tables. */
  text(): string {
    const labels = [...this.#labels].sort(([, a], [, b]) => b - a);
    const byLabel = textTable([
      ['label', 'rows', 'share'],
      ...labels.map(([label, rows]) => [
        oneLine(label, SHOWN_CHARS),
        String(rows),
        percent(rows / this.#rows),
      ]),
      ['all', String(this.#rows), ''],
    ]);
    return `${byLabel}\n\n${this.#templateTable()}\n`;
  }

  #addTemplate(template: string, label: string): void {
    const known = this.#templates.get(template);
    if (known) known.rows += 1;
    else if (this.#templates.size < this.maxTemplates) this.#templates.set(template, { rows: 1, label });
    else this.#otherRows += 1;
  }

  #templateTable(): string {
    const all = [...this.#templates].sort(([, a], [, b]) => b.rows - a.rows);
    const rest = all.slice(SHOWN_TEMPLATES);
    const restRows = rest.reduce((sum, [, { rows }]) => sum + rows, this.#otherRows);
    const more = this.#otherRows > 0 ? 'more than ' : '';
    const lines = all
      .slice(0, SHOWN_TEMPLATES)
      .map(([template, { rows, label }]) => [
        String(rows),
        oneLine(label, SHOWN_CHARS),
        oneLine(template, SHOWN_CHARS),
      ]);
    const others = restRows > 0 ? [[String(restRows), '', `${more}${rest.length} other templates`]] : [];
    return columns([['rows', 'label', 'template'], ...lines, ...others]);
  }
}

/** Formats rows with the first column to the right and the others to the left. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1].map((i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map(([count = '', label = '', template = '']) =>
      `${count.padStart(widths[0] ?? 0)}  ${label.padEnd(widths[1] ?? 0)}  ${template}`.trimEnd(),
    )
    .join('\n');
}
