import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { JobFolder } from './job-folder.js';
import type { JobStore } from './store/store.js';

const ROWS_AT_ONCE = 500;

/** Returns the rejected rows of a job as a CSV with line, reason and text. It is read from the store as it is sent. */
export function rejectedCsv(store: JobStore, { path }: JobFolder): Readable {
  return Readable.from(pieces(), { objectMode: false });

  async function* pieces(): AsyncGenerator<string, void> {
    yield 'line,reason,text\r\n';
    for (let skip = 0; ; skip += ROWS_AT_ONCE) {
      const rows = await store.run(path, 'rejectedRows', skip, ROWS_AT_ONCE);
      if (rows.length === 0) return;
      yield `${Papa.unparse(rows.map(({ line, reason, text }) => [line, reason, text]))}\r\n`;
    }
  }
}
