import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../../support/property-runs.js';
import { LABEL, readBack } from './support.js';

const RUNS = propertyRuns(300);
const LABEL_TEXT = JSON.stringify(LABEL.label);

const blank = fc.constantFrom('', '', '', ' ', '\t', '  ');
const string = fc
  .array(
    fc.constantFrom(
      'a',
      'é',
      '漢',
      '😀',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\n',
      '\\"',
      '\\\\',
      '\\ud800',
      '\\/',
    ),
    { maxLength: 8 },
  )
  .map((parts) => `"${parts.join('')}"`);
const scalar = fc.oneof(string, fc.constantFrom('1', '-0.10e+3', '9007199254740993', 'true', 'null'));
const name = fc.constantFrom(
  '"a"',
  '"__proto__"',
  '"tier"',
  '"note"',
  '"\\u0061"',
  '"level_2"',
  '"constructor"',
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }).map((values) => `[${values.join(',')}]`),
    fc
      .array(fc.tuple(name, tie('value')), { maxLength: 3 })
      .map((all) => `{${all.map((f) => f.join(':')).join(',')}}`),
  ),
}));

/** The fields of an object on one line, with names that come twice, and its message among them. */
const object = fc
  .tuple(fc.array(fc.tuple(name, blank, value), { maxLength: 4 }), fc.nat(4), string, blank)
  .map(([others, at, message, gap]) => {
    const fields = others.map(([key, space, it]) => `${key}${space}:${space}${it}`);
    fields.splice(at, 0, `"msg":${gap}${message}`);
    return { text: `{${gap}${fields.join(`${gap},`)}${gap}}`, message: JSON.parse(message) as string };
  });
const objects = fc.array(object, { minLength: 1, maxLength: 12 });
const pieceChars = fc.constantFrom(1, 2, 7, 64, Infinity);
const chunkRecords = fc.constantFrom(1, 3, 1000);

function labelled(text: string): string {
  return `${text.slice(0, -1)},"target_label":${LABEL_TEXT}}`;
}

describe('Objects come back as they stood, with a label', () => {
  it('from lines, however the text is split', async () => {
    const newline = fc.constantFrom('\n', '\r\n', '\n\n', ' \n \n');
    await fc.assert(
      fc.asyncProperty(objects, newline, pieceChars, chunkRecords, async (all, end, size, records) => {
        const read = await readBack(all.map(({ text }) => text + end).join(''), {
          ndjson: true,
          pieceChars: size,
          chunkRecords: records,
        });
        expect(read.answer).toBe(all.map(({ text }) => `${labelled(text)}\n`).join(''));
        expect(read.records.map(({ message }) => message)).toEqual(all.map(({ message }) => message));
        expect(read.counts.blankLines).toBe(all.length * (end.split('\n').length - 2));
      }),
      { numRuns: RUNS },
    );
  });

  it('from a list', async () => {
    const gap = fc.constantFrom('', ' ', '\n', '\n  ');
    await fc.assert(
      fc.asyncProperty(objects, gap, pieceChars, chunkRecords, async (all, space, size, records) => {
        const list = `${space}[${space}${all.map(({ text }) => text).join(`${space},${space}`)}${space}]${space}`;
        const read = await readBack(list, { pieceChars: size, chunkRecords: records });
        expect(read.kind).toBe('json');
        expect(read.answer).toBe(`[\n${all.map(({ text }) => labelled(text)).join(',\n')}\n]\n`);
        expect(read.records.map(({ message }) => message)).toEqual(all.map(({ message }) => message));
      }),
      { numRuns: RUNS },
    );
  });

  it('from objects that follow each other', async () => {
    const gap = fc.constantFrom('', ' ', '\n', ',', ',\r\n', '\n\u001e');
    const several = fc.array(object, { minLength: 2, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(several, gap, pieceChars, fc.boolean(), async (all, space, size, ndjson) => {
        const read = await readBack(all.map(({ text }) => text).join(space), { pieceChars: size, ndjson });
        expect(read.kind).toBe('ndjson');
        expect(read.answer).toBe(all.map(({ text }) => `${labelled(text)}\n`).join(''));
      }),
      { numRuns: RUNS },
    );
  });

  it('from objects that span lines, each on a line', async () => {
    const json = fc.array(
      fc.record({ log: fc.string(), n: fc.jsonValue({ maxDepth: 3 }), target_label: fc.string() }),
      { minLength: 2, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(json, pieceChars, fc.boolean(), async (all, size, isList) => {
        const texts = all.map((each) => JSON.stringify(each, null, 2));
        const text = isList ? JSON.stringify(all, null, 2) : texts.join('\n');
        const read = await readBack(text, { pieceChars: size });
        const lines = read.answer.trimEnd().split('\n');
        const answered: unknown = isList
          ? JSON.parse(read.answer)
          : lines.map((line) => JSON.parse(line) as unknown);
        const wanted = all.map((each) => ({ ...each, target_label: LABEL.label }));
        expect(answered).toEqual(JSON.parse(JSON.stringify(wanted)));
        expect(read.counts.overwrittenLabels).toBe(all.length);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('With on_error=skip, good records come back and no others', () => {
  const broken = fc.constantFrom(
    ...[
      '{"msg":"x"',
      '{"msg":"x',
      '{"msg":x}',
      '{"msg":"x",}',
      '{msg:1}',
      '{"a":[1,{"b":2}',
      '{"msg":"\\x"}',
    ],
    ...['7', 'nul', '}}', ']', '"', '{"msg":"a" "b"}', `{"a":${'['.repeat(70)}`, 'text'],
  );
  const lines = fc.array(
    fc.oneof(
      object.map((good) => ({ ...good, isGood: true })),
      broken.map((text) => ({ text, message: '', isGood: false })),
    ),
    { minLength: 1, maxLength: 12 },
  );

  it('from lines, wherever broken ones are', async () => {
    const mixed = lines.filter((all) => all.some(({ isGood }) => isGood));
    await fc.assert(
      fc.asyncProperty(mixed, pieceChars, async (all, size) => {
        const read = await readBack(all.map(({ text }) => `${text}\n`).join(''), {
          ndjson: true,
          onError: 'skip',
          pieceChars: size,
        });
        const good = all.filter(({ isGood }) => isGood);
        expect(read.answer).toBe(good.map(({ text }) => `${labelled(text)}\n`).join(''));
        expect(read.counts.skipped.count).toBe(all.length - good.length);
        expect(read.counts.skipped.first.map(({ line }) => line)).toEqual(
          all.flatMap(({ isGood }, i) => (isGood ? [] : [i + 1])),
        );
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('from a list with an element a line', async () => {
    const inLists = lines.map((all) =>
      all.filter(({ text }) => !['}}', ']', '"', 'text', 'nul'].includes(text)),
    );
    await fc.assert(
      fc.asyncProperty(inLists, pieceChars, fc.constantFrom('', '  '), async (all, size, indent) => {
        const list = `[\n${all.map(({ text }) => indent + text).join(',\n')}\n]`;
        const read = await readBack(list, { onError: 'skip', pieceChars: size });
        const good = all.filter(({ isGood }) => isGood);
        expect(JSON.parse(read.answer)).toHaveLength(good.length);
        expect(read.records.map(({ message }) => message)).toEqual(good.map(({ message }) => message));
        // A number after a broken element is left out together with it.
        expect(read.counts.skipped.count).toBeLessThanOrEqual(all.length - good.length);
        expect(read.counts.skipped.count > 0).toBe(all.length > good.length);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  it('from a list that is cut off anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(objects, fc.nat(), pieceChars, async (all, cut, size) => {
        const list = `[${all.map(({ text }) => text).join(', ')}]`;
        const end = 1 + (cut % (list.length - 1));
        const read = await readBack(list.slice(0, end), { onError: 'skip', pieceChars: size });
        let complete = 0;
        for (let at = 1; complete < all.length; complete += 1) {
          at += (all[complete]?.text.length ?? 0) + (complete === 0 ? 0 : 2);
          if (at > end) break;
        }
        expect(JSON.parse(read.answer)).toHaveLength(complete);
        expect(read.counts.skipped.count).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });
});
