import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openCsv } from '../../src/formats/csv/csv-input.js';
import type { AnswerKind, Input } from '../../src/formats/format.js';
import { createAnswerWriter } from '../../src/formats/answer.js';
import { openJson } from '../../src/formats/json/open-json.js';
import { openNdjson } from '../../src/formats/json/open-ndjson.js';
import { openLines } from '../../src/formats/lines/lines-input.js';
import { selectRecords } from '../../src/formats/select-records.js';
import type { RecordLabel } from '../../src/log-record.js';
import { propertyRuns } from '../support/property-runs.js';
import { inPieces } from './json/support.js';
import { optionsWith } from './read-options.js';

const label: RecordLabel = { label: 'L', tier: 'rule', confidence: 1, rule: 'r' };

/** Returns the answer to the records of these indices. */
async function answerTo(
  input: Input,
  kind: AnswerKind | undefined,
  keep: (index: number) => boolean,
): Promise<string> {
  const writer = createAnswerWriter(input, kind, { details: true, bom: false });
  let text = writer.begin();
  let before = 0;
  for await (const chunk of input.chunks()) {
    const offset = before;
    before += chunk.records.length;
    const selected = selectRecords(chunk, (i) => keep(offset + i));
    text += writer.chunk(selected, Array<RecordLabel>(selected.records.length).fill(label));
  }
  return text + writer.end([]);
}

const cells = ['plain', 'with "quotes"', 'two\nlines', '', 'c, d'];
const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const objects = (texts: readonly string[]): string[] =>
  texts.map((message, i) =>
    JSON.stringify(i % 2 === 0 ? { message, target_label: 'x' } : { message, x: [i] }),
  );

const forms = {
  csv: [
    openCsv,
    (texts: readonly string[]) => ['source,log_message', ...texts.map((t) => `s,${quoted(t)}`)].join('\n'),
  ],
  relabelled: [
    openCsv,
    (texts: readonly string[]) =>
      ['target_label,log_message,x', ...texts.map((t) => `a,${quoted(t)},`)].join('\n'),
  ],
  lines: [
    openLines,
    (texts: readonly string[]) => texts.map((_, i) => `2026-11-26 05:00:00 line ${i % 3}`).join('\n'),
  ],
  list: [openJson, (texts: readonly string[]) => `[${objects(texts).join(',')}]`],
  logs: [openJson, (texts: readonly string[]) => `{"logs":[${objects(texts).join(',')}]}`],
  ndjson: [openNdjson, (texts: readonly string[]) => objects(texts).join('\n')],
} as const;

it.each(Object.entries(forms))(
  '%s: the answer to selected records is that to an input of them',
  async (name, form) => {
    const [open, textOf] = form;
    const entry = fc.record({ text: fc.constantFrom(...cells), isKept: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(undefined, 'csv', 'json', 'ndjson'),
        async (entries, kind) => {
          // The first record stays, so that the smaller input is not empty.
          const keep = (i: number): boolean => i === 0 || entries[i]?.isKept === true;
          const options = optionsWith({ chunkRecords: 3 });
          const all = await open(inPieces(textOf(entries.map(({ text }) => text))).text, options);
          const some = await open(inPieces(pick(textOf, entries, keep, name)).text, options);
          expect(await answerTo(all, kind, keep)).toBe(await answerTo(some, kind, () => true));
        },
      ),
      { numRuns: propertyRuns(100) },
    );
  },
);

/** Returns the text of the kept entries only. */
function pick(
  textOf: (texts: readonly string[]) => string,
  entries: readonly { text: string }[],
  keep: (index: number) => boolean,
  name: string,
): string {
  const texts = entries.map(({ text }) => text);
  if (name === 'csv' || name === 'relabelled') return textOf(texts.filter((_, i) => keep(i)));
  if (name === 'lines')
    return textOf(texts)
      .split('\n')
      .filter((_, i) => keep(i))
      .join('\n');
  const kept = objects(texts).filter((_, i) => keep(i));
  if (name === 'ndjson') return kept.join('\n');
  return name === 'list' ? `[${kept.join(',')}]` : `{"logs":[${kept.join(',')}]}`;
}
