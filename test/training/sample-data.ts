import type { LabelledRecord } from '../../src/labelled-data/labelled-csv.js';

const events = {
  Backup: ['backup started of', 'backup completed for', 'snapshot of backup written to'],
  Failure: ['error while reading', 'exception thrown by', 'failure to open'],
  Login: ['user logged in at', 'session of user opened on', 'user signed in to'],
} as const;

const things = ['archive', 'billing', 'catalog', 'desk', 'exchange', 'forum', 'gateway', 'helpdesk'] as const;

/** Returns 72 templates of three labels that are easy to tell apart. Each label occurs in each of seven sources. */
export function sampleRecords(): LabelledRecord[] {
  const records = Object.entries(events).flatMap(([label, starts]) =>
    starts.flatMap((start) => things.map((thing) => ({ label, message: `${start} ${thing}` }))),
  );
  return records.map((record, index) => ({ ...record, source: `system${index % 7}`, line: index + 2 }));
}

/** Returns the records as CSV. */
export function toCsv(records: readonly LabelledRecord[]): string {
  const rows = records.map(({ source, message, label }) => `${source},${message},${label}\n`);
  return `source,log_message,target_label\n${rows.join('')}`;
}
