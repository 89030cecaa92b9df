import { SkippedRecords, type Input, type RecordChunk } from '../../src/formats/format.js';
import type { LogRecord } from '../../src/log-record.js';

/** An input of these chunks. `closed` says whether it has been closed. */
export function fakeInput(
  chunks: Iterable<readonly LogRecord[]>,
  counts: Partial<Input['counts']> = {},
): Pick<Input, 'chunks' | 'counts' | 'close'> & { closed: boolean } {
  const input = {
    closed: false,
    counts: { blankLines: 0, overwrittenLabels: 0, skipped: new SkippedRecords(), ...counts },
    async *chunks(): AsyncGenerator<RecordChunk, void> {
      for (const records of chunks)
        yield await Promise.resolve({ records, lines: records.map((_, i) => i + 1) });
    },
    close() {
      input.closed = true;
      return Promise.resolve();
    },
  };
  return input;
}
