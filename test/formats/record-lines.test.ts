import { expect, it } from 'vitest';
import type { Input } from '../../src/formats/format.js';
import { openCsv } from '../../src/formats/csv/csv-input.js';
import { openJson } from '../../src/formats/json/open-json.js';
import { openNdjson } from '../../src/formats/json/open-ndjson.js';
import { openLines } from '../../src/formats/lines/lines-input.js';
import { inPieces } from './json/support.js';
import { optionsWith } from './read-options.js';

async function linesOf(input: Input): Promise<number[]> {
  const lines: number[] = [];
  for await (const chunk of input.chunks()) lines.push(...chunk.lines);
  return lines;
}

const long = JSON.stringify('x'.repeat(200_000));

it.each([
  ['rows', openCsv, '\nlog_message\n"a\nb"\n\nc\n', [3, 6]],
  ['plain lines', openLines, 'a\n  at b\n\n\nc\n', [1, 5]],
  ['NDJSON', openNdjson, '\n{"message":"a"}\n\n{"message":"b"}', [2, 4]],
  ['objects', openNdjson, '{\n"message":"a"\n} {"message":"b"}\n{"message":"c"}', [1, 3, 4]],
  ['a list', openJson, '\n[\n{"message":"a"},{"x":{\n}},\n\n"c"]', [3, 3, 6]],
  ['minified JSON', openJson, '[{"message":"a"},{"message":"b"}]', [1, 1]],
  ['one object', openJson, '\n{"message":"a"}', [2]],
  [
    'logs',
    openJson,
    '\n{"x":[\n],\n"logs" : [\n\n{"message":"a"},{"message":\n"b"}\n,{"message":"[\\n"}]\n}',
    [6, 6, 8],
  ],
  [
    'logs that are read in pieces',
    openJson,
    `{"logs":[\n{"message":"a"},{"message":${long}},\n\n{"message":"c"}]}`,
    [2, 2, 4],
  ],
] as const)('The lines of %s are those on which they begin', async (_, open, text, expected) => {
  for (const pieceChars of [3, Infinity])
    expect(
      await linesOf(await open(inPieces(text, pieceChars).text, optionsWith({ chunkRecords: 2 }))),
    ).toEqual(expected);
});
