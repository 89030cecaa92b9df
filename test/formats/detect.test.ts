import { describe, expect, it } from 'vitest';
import { detectFormat, type FormatHints } from '../../src/formats/detect.js';
import { KNOWN_FIELDS } from '../../src/formats/fields.js';

const detect = (start: string, hints: Partial<FormatHints> = {}): string =>
  detectFormat(start, { fields: KNOWN_FIELDS, ...hints });

describe('detectFormat', () => {
  it.each([
    ['a list of objects', '[ {"msg":"a"}, {"msg":"b"} ]'],
    ['an empty list', '[]'],
    ['an object with logs', '{"logs": []}'],
    ['objects after a record separator', '\u001E{"msg":"a"}\n'],
  ])('takes %s for JSON, whatever is declared', (_, text) => {
    expect(detect(text)).toBe('json');
    expect(detect(text, { mediaType: 'text/csv' })).toBe('json');
    expect(detect(text, { mediaType: 'application/json' })).toBe('json');
  });

  it.each([
    { mediaType: 'application/x-ndjson' },
    { fileName: 'a.jsonl' },
    { fileName: 'container-json.log' },
  ])('takes objects with %o for NDJSON', (hints) => {
    expect(detect('{"msg":"a"}\n{"msg":"b"}\n', hints)).toBe('ndjson');
  });

  it('takes what is declared as JSON but does not look like it for JSON, so that the error is about JSON', () => {
    expect(detect('msg: a', { mediaType: 'application/json' })).toBe('json');
    expect(detect('msg: a', { fileName: 'a.ndjson' })).toBe('ndjson');
  });

  it.each([
    ['an exact header', 'source,log_message\nA,b\n'],
    ['a known name', 'Time;Host;Message\n1;a;b\n'],
    ['a single known column', 'message\nDisk full\n'],
    ['quoted names', '"_time","_raw"\n"1","x"\n'],
    ['Excel’s delimiter line', 'sep=;\na;b\n'],
    ['PowerShell’s type line', '#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n"a"\n'],
    ['a header underlined by psql', ' nr |  what   \n----+---------\n  1 | Paid\n  2 | Sent\n(2 rows)\n'],
    ['a header underlined by sqlcmd', 'nr;message\n--;-------\n1;Paid; twice\n'],
    ['unknown columns with rows of the same width', 'when|who|what\n1|a|b\n2|c|d\n'],
  ])('takes a text without type for a table: %s', (_, text) => {
    expect(detect(text)).toBe('csv');
    expect(detect(text, { mediaType: 'text/plain', fileName: 'x.log' })).toBe('csv');
  });

  it.each([{ mediaType: 'text/csv' }, { fileName: 'x.CSV' }, { fileName: 'x.tsv' }])(
    'never takes a text declared as %o for plain lines',
    (hints) => {
      expect(detect('Nov 26 05:00:01 web1 cron[7]: started\n', hints)).toBe('csv');
    },
  );

  it('takes a header for a table that the user’s column names', () => {
    const fields = { ...KNOWN_FIELDS, messageColumn: 'What Happened' };
    expect(detect('when,what_happened\n1,a\n', { fields })).toBe('csv');
  });

  it.each([
    ['syslog', 'Nov 26 05:00:01 web1 cron[7]: (root) CMD (run-parts)\nNov 26 05:00:02 web1 cron[7]: done\n'],
    ['commas before milliseconds', '2026-11-26 05:00:00,123 INFO a\n2026-11-26 05:00:01,456 INFO b\n'],
    [
      'a level in brackets',
      '[error] worker, pool and queue are full\n[error] worker, pool and queue are full\n',
    ],
    ['rows of data without header', 'ERROR,disk,full\nERROR,disk,almost full\nERROR,net,down\n'],
    ['logfmt', 'level=info msg="started, listening" port=80\nlevel=warn msg="slow, retrying" port=80\n'],
    ['sentences with a known name', 'Could not parse, message\nRetrying\n'],
    ['a title underlined', 'Nightly report\n--------------\nbackup, restore\n'],
    ['bytes in brackets', '[1, 2] items were dropped\n'],
  ])('takes %s for plain lines', (_, text) => {
    expect(detect(text)).toBe('lines');
    expect(detect(text, { mediaType: 'text/plain', fileName: 'app.log' })).toBe('lines');
  });
});
