import type { z } from 'zod';
import { rounded } from '../../formats/label-details.js';
import { KEPT_MESSAGE_CHARS } from '../../jobs/store/batch.js';
import type { StoredRow, StoredTemplate } from '../../jobs/store/questions.js';
import type { Count, Summary } from '../../jobs/store/summary.js';
import type { rowsSchema, summarySchema, templatesSchema } from './job-results.js';
import { toIso } from './jobs.js';

/** Returns a template as JSON. */
export function toTemplateJson(stored: StoredTemplate): z.input<typeof templatesSchema>['templates'][number] {
  const { label, confidence: stated, firstLine, lastLine, ...rest } = stored;
  return {
    ...rest,
    ...{ target_label: label, confidence: roundedOrNull(stated) },
    ...{ first_line: firstLine, last_line: lastLine },
  };
}

/** Returns a row as JSON. */
export function toRowJson(stored: StoredRow): z.input<typeof rowsSchema>['rows'][number] {
  const { row, message, label, confidence: stated, time: at, ownLabel, ...rest } = stored;
  return {
    ...rest,
    row: row + 1,
    log_message: message.slice(0, KEPT_MESSAGE_CHARS),
    message_cut: message.length > KEPT_MESSAGE_CHARS,
    target_label: label,
    confidence: roundedOrNull(stated),
    time: at === null ? null : toIso(at),
    own_label: ownLabel,
  };
}

/** Returns a summary as JSON, without what the store does not know: seconds, threshold and warnings. */
export function toSummaryJson(
  summary: Summary,
): Omit<z.input<typeof summarySchema>, 'seconds' | 'threshold' | 'warnings'> {
  const { times, ownLabels } = summary;
  return {
    rows: summary.rows,
    templates: summary.templates,
    sources: summary.sources,
    rejected: summary.rejected,
    labels: summary.labels.map(flat),
    source_labels: summary.sourceLabels.map(flat),
    notes: summary.notes.map(flat),
    confidence: [...summary.confidence],
    times: times && {
      first: toIso(times.first),
      last: toIso(times.last),
      start: toIso(times.start),
      interval_seconds: times.width / 1000,
      rows_with_time: times.rowsWithTime,
      labels: times.labels.map(({ label, rows: counts }) => ({ label, rows: [...counts] })),
    },
    own_labels: ownLabels && {
      rows: ownLabels.rows,
      agreeing: ownLabels.agreeing,
      pairs: ownLabels.pairs.map(({ of, rows: count }) => ({
        own_label: of.own,
        label: of.label,
        rows: count,
      })),
    },
  };
}

function flat<Of extends string>({ of, rows: count }: Count<Of>): Record<Of, string> & { rows: number } {
  return { ...of, rows: count };
}

/** As in the answers of POST /classify. */
function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
