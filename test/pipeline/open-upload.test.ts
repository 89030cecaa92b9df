import { gzipSync } from 'node:zlib';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { KNOWN_FIELDS } from '../../src/formats/fields.js';
import { openUpload, type OpenUploadOptions, type UploadedBytes } from '../../src/pipeline/open-upload.js';
import { chunked } from '../formats/csv/support.js';
import { packWorkbook } from '../formats/xlsx/support.js';

const OPTIONS: OpenUploadOptions = {
  fields: KNOWN_FIELDS,
  onError: 'fail',
  multiline: true,
  format: undefined,
  encoding: undefined,
  sheet: undefined,
  maxCellChars: 1000,
  maxJsonBytes: 10_000,
  maxUnpackedBytes: 1_000_000,
  chunkRecords: 100,
  chunkChars: 10_000,
  dir: tmpdir(),
};

/** Opens bytes and reads all records. */
async function read(
  bytes: string | Uint8Array,
  upload: Omit<UploadedBytes, 'bytes'> = {},
  options: Partial<OpenUploadOptions> = {},
) {
  const source = chunked(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  const opened = await openUpload({ ...upload, bytes: source.bytes }, { ...OPTIONS, ...options });
  const records: { source: string; message: string }[] = [];
  for await (const chunk of opened.input.chunks()) {
    records.push(...chunk.records.map(({ source, message }) => ({ source, message })));
  }
  return { opened, records, ended: () => source.ended };
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

const RECORDS = [
  { source: 'A', message: 'one' },
  { source: 'B', message: 'two' },
];

describe('openUpload', () => {
  it('reads no further than its signal allows, even where no record comes out', async () => {
    const bad = `source,log_message\n${'ragged\n'.repeat(100_000)}`;
    const workbook = await packWorkbook({ rows: '<row><c><v>1</v></c></row>'.repeat(100_000) });
    for (const [bytes, fields] of [
      [Buffer.from(bad), KNOWN_FIELDS],
      [gzipSync(bad), KNOWN_FIELDS],
      [workbook, { ...KNOWN_FIELDS, messageColumn: '1' }],
    ] as const) {
      const abort = new AbortController();
      const source = chunked(bytes, 4096);
      const options = { ...OPTIONS, fields, onError: 'skip', signal: abort.signal } as const;
      const opened = await openUpload({ bytes: source.bytes }, { ...options, maxUnpackedBytes: 2 ** 31 });
      abort.abort(new Error('gone'));
      await expect(drain(opened.input.chunks())).rejects.toThrow('gone');
      await opened.input.close();
    }
  });

  it.each([
    ['csv', 'source,log_message\nA,one\nB,two\n'],
    ['csv', 'App|Text|Message\nA|x|one\nB|y|two\n'],
    ['ndjson', '{"source":"A","msg":"one"}\n{"source":"B","msg":"two"}\n'],
    ['json', '[{"service":"A","message":"one"},{"service":"B","message":"two"}]'],
    ['json', '{"logs":[{"source":"A","log_message":"one"},{"source":"B","log_message":"two"}]}'],
  ])('reads the same records from %s, packed or not', async (format, text) => {
    const fileName = format === 'ndjson' ? 'a.ndjson' : undefined;
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const { opened, records } = await read(bytes, { fileName });
      expect(records).toEqual(RECORDS);
      expect(opened.input.format).toBe(format);
    }
  });

  it('reads plain lines; the name of the file without its ending is their source', async () => {
    const { opened, records } = await read('one\ntwo\n', { fileName: 'worker.log' });
    expect(opened.input.format).toBe('lines');
    expect(records).toEqual([
      { source: 'worker', message: 'one' },
      { source: 'worker', message: 'two' },
    ]);
  });

  it('reads a text in the format that the client states', async () => {
    const { opened } = await read('source,log_message\nA,one\n', {}, { format: 'lines' });
    expect(opened.input.format).toBe('lines');
  });

  it('names the packing, and the encoding that it guessed', async () => {
    const text = Buffer.from('source,log_message\nA,caf\xe9 ferm\xe9\n', 'latin1');
    const { opened } = await read(gzipSync(text));
    expect(opened.packings).toEqual(['gzip']);
    expect(opened.encoding).toBe('windows-1252');
    expect(opened.warnings()).toMatchObject({ 'encoding-guessed': 'windows-1252', 'bytes-replaced': 0 });
  });

  it.each(['', ' \n\r\n', '\uFEFF'])('refuses the empty input %j', async (text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'csv_empty' });
  });

  it.each([
    ['a table without a message', 'a,b\n1,2\n', 'column_missing'],
    ['broken JSON', '[{"msg":', 'json_invalid'],
  ])('closes the bytes of %s', async (_, text, code) => {
    const source = chunked(Buffer.from(text));
    const work = openUpload({ bytes: source.bytes, mediaType: 'text/csv' }, OPTIONS).then(
      async ({ input }) => {
        for await (const chunk of input.chunks()) expect(chunk).toBeDefined();
      },
    );
    await expect(work).rejects.toMatchObject({ code });
    expect(source.ended).toBe(true);
  });

  it('refuses a text that the client states to be a workbook', async () => {
    await expect(read('a\n', {}, { format: 'xlsx' })).rejects.toMatchObject({ code: 'request_invalid' });
  });
});
