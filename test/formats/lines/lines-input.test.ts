import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KNOWN_FIELDS } from '../../../src/formats/fields.js';
import { openLines } from '../../../src/formats/lines/lines-input.js';
import { errorOf, messagesOf, optionsWith, piecesOf, readLines } from './support.js';

describe('lines', () => {
  it('end with LF, CRLF, CR or CRCRLF', async () => {
    expect(await messagesOf('a\nb\r\nc\rd\r\r\ne\r\r\r\nf')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('keep NULs, outer blanks and the line endings inside a record', async () => {
    expect(await messagesOf('\0\0a \t\r\n b\r\n\r\n c \r\nd')).toEqual(['\0\0a \t\r\n b\r\n\r\n c ', 'd']);
  });

  it('have the numbers of the file, and blank ones are counted', async () => {
    const read = await readLines('\na\n\n \t\nb\n  c\n\n  d\n\ne');
    expect(read).toMatchObject({ lineNumbers: [2, 5, 10], blankLines: 4 });
  });

  it('of which none has text are an error', async () => {
    expect((await errorOf(readLines(''))).code).toBe('csv_empty');
    expect((await errorOf(readLines('\n \r\n'.repeat(100_000)))).code).toBe('csv_empty');
  });
});

describe('the source of a record', () => {
  const syslog = 'Nov 26 05:00:00 web01 sshd[1]: x\nother';

  it('is the program of a syslog line, else the name of the file', async () => {
    const { records } = await readLines(syslog, { fileName: 'auth.log.1' });
    expect(records.map(({ source }) => source)).toEqual(['sshd', 'auth']);
  });

  it('is the one the client fixes', async () => {
    const { records } = await readLines(syslog, { fields: { ...KNOWN_FIELDS, source: 'mine' } });
    expect(records.map(({ source }) => source)).toEqual(['mine', 'mine']);
  });

  it('is found behind NULs', async () => {
    const { records } = await readLines(`${'\0'.repeat(5000)}${syslog}`);
    expect(records[0]?.source).toBe('sshd');
  });
});

it('the level of a record is that of its priority, else the stated one, else missing', async () => {
  const jul = 'Nov 26, 2026 5:00:00 AM a.b.Pay run\nSEVERE: refused';
  const { records } = await readLines(`<34>Nov 26 05:00:00 web01 su: INFO x\nERROR x\n${jul}\nx`);
  expect(records.map(({ level }) => level)).toEqual(['crit', 'ERROR', 'SEVERE', undefined]);
});

describe('a line that is too long', () => {
  const text = `first\n${'x'.repeat(300_000)}\n  part\nlast\n`;

  it('is an error that names the line and the way out', async () => {
    const error = await errorOf(readLines(text, { maxCellChars: 1000 }));
    expect(error).toMatchObject({ code: 'cell_too_large', place: { line: 2 } });
    expect(error.message).toContain('on_error=skip');
  });

  it('is left out and counted with skip, and joins nothing to the record before it', async () => {
    const read = await readLines(text, { maxCellChars: 1000, onError: 'skip' });
    expect(read.records.map(({ message }) => message)).toEqual(['first', '  part', 'last']);
    expect(read.lineNumbers).toEqual([1, 3, 4]);
    expect(read.skipped).toEqual([
      { line: 2, reason: expect.stringContaining('Line 2 has more than') as string },
    ]);
  });

  it('leaves no record, and no error, if all lines are left out with skip', async () => {
    const read = await readLines('1234567\n'.repeat(20_000), { maxCellChars: 5, onError: 'skip' });
    expect([read.records.length, read.skipped.length]).toEqual([0, 100]);
  });

  it('may have exactly the maximum', async () => {
    expect(await messagesOf('12345\r\n12345', { maxCellChars: 5 })).toEqual(['12345', '12345']);
  });

  it('takes linear time, and no memory for its text', async () => {
    function* endless(): Generator<string> {
      for (let i = 0; i < 20_000; i += 1) yield 'x'.repeat(10_000);
      yield '\nlast';
    }
    const read = await readLines(endless(), { maxCellChars: 1000, onError: 'skip' });
    expect(read.records).toEqual([{ source: '', message: 'last' }]);
  });
});

describe('a record', () => {
  it('has at most 1,000 lines', async () => {
    const { records, lineNumbers } = await readLines(`first\n${' part\n'.repeat(2500)}`);
    expect(records.map(({ message }) => message.split('\n').length)).toEqual([1000, 1000, 501]);
    expect(lineNumbers).toEqual([1, 1001, 2001]);
  });

  it('has at most the maximum number of characters', async () => {
    expect(await messagesOf('first\n 2\n 3\n 4', { maxCellChars: 8 })).toEqual(['first\n 2', ' 3\n 4']);
  });

  it('does not grow over blank lines without end', async () => {
    const { records, blankLines } = await readLines(`first\n${'\n'.repeat(5000)} part`);
    expect(records.map(({ message }) => message)).toEqual(['first', ' part']);
    expect(blankLines).toBe(5000);
  });
});

it('chunks have at most the maximum number of records, and end at the number of characters', async () => {
  const lines = 'some text\n'.repeat(1000);
  expect((await readLines(lines, { chunkRecords: 300 })).chunkSizes).toEqual([300, 300, 300, 100]);
  expect((await readLines(lines, { chunkChars: 90 })).chunkSizes).toEqual(Array<number>(100).fill(10));
});

it('the text is closed after the last chunk, on early return, and by close', async () => {
  for (const how of ['all', 'break', 'close'] as const) {
    let closed = 0;
    async function* text(): AsyncGenerator<string, void> {
      try {
        for (let i = 0; i < 10; i += 1) yield await Promise.resolve('text\n'.repeat(20_000));
      } finally {
        closed += 1;
      }
    }
    const input = await openLines(text(), optionsWith());
    if (how === 'close') await input.close();
    else for await (const chunk of input.chunks()) if (how === 'break' && chunk.records.length > 0) break;
    expect(closed).toBe(1);
  }
});

it('the text is closed if its start is in error', async () => {
  const text = piecesOf(['x'.repeat(100)]);
  await errorOf(openLines(text, optionsWith({ maxCellChars: 10 })));
  expect(await text.next()).toEqual({ done: true, value: undefined });
});

it('the answer is a CSV of source, message and label', async () => {
  const input = await openLines(piecesOf(['a, "b"\n c\n']), optionsWith({ fileName: 'x.log' }));
  const writer = input.answerWriter({ details: false, bom: false });
  let answer = writer.begin();
  const label = { label: 'Error', tier: 'rule', confidence: 1 };
  for await (const chunk of input.chunks())
    answer += writer.chunk(
      chunk,
      chunk.records.map(() => label),
    );
  expect(answer + writer.end([])).toBe('source,log_message,target_label\nx,"a, ""b""\n c",Error\n');
});

const line = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '  indented',
    '\tat a.b.C(D.java:1)',
    '}',
    'java.lang.Error: x',
    'Traceback (most recent call last):',
    'KeyError: 1',
    '2026-11-26 05:00:00 ERROR x',
    'goroutine 1 [running]:',
    'main.main()',
    '\0',
    'x'.repeat(30),
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, '')),
);
const ending = fc.constantFrom('\n', '\r\n', '\r', '\r\r\n');

describe('for any lines', () => {
  it('the records do not depend on where pieces end', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, ending), { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.constantFrom(25, 1_000),
        async (lines, cuts, maxCellChars) => {
          const text = lines.flat().join('') + 'end';
          const places = [...new Set([0, ...cuts.map((cut) => cut % text.length), text.length])].sort(
            (a, b) => a - b,
          );
          // An empty piece would be a flush mark.
          const pieces = places.map((place, i) => text.slice(place, places[i + 1])).filter((each) => each);
          const options = { maxCellChars, onError: 'skip' } as const;
          const whole = await readLines(text, options);
          expect(await readLines(pieces, options)).toEqual(whole);
          expect(await readLines(text.split(''), options)).toEqual(whole);
        },
      ),
    ));

  it('the messages and the line endings and blank lines between them are the text', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(line, ending), { maxLength: 30 }), async (lines) => {
        const text = lines.flat().join('') + 'end';
        let at = 0;
        for (const message of await messagesOf(text)) {
          const found = text.indexOf(message, at);
          expect(text.slice(at, found)).toMatch(/^[\s]*$/);
          at = found + message.length;
        }
        expect(at).toBe(text.length);
      }),
    ));
});

describe('a live text', () => {
  it('gives a chunk of the complete records at a flush mark, and the last record at a second one', async () => {
    const chunks = await readChunks([
      '2026-11-26 05:00:00 a\nat x.y(z:1)\n2026-11-26 05:00:01 b\n',
      '',
      '',
      'c\n',
    ]);
    expect(chunks).toEqual([
      [['2026-11-26 05:00:00 a\nat x.y(z:1)'], true],
      [['2026-11-26 05:00:01 b'], true],
      [['c'], false],
    ]);
  });

  it('never ends a record amid a line', async () => {
    expect(await readChunks(['a\nb', '', '', 'c\n', '', ''])).toEqual([
      [['a'], true],
      [[], true],
      [['bc'], true],
    ]);
  });
});

/** Returns the messages of each chunk, and whether it was flushed; without the chunks that pass nothing on. */
async function readChunks(pieces: string[]): Promise<[string[], boolean][]> {
  const chunks: [string[], boolean][] = [];
  const input = await openLines(piecesOf(pieces), optionsWith());
  for await (const { records, isFlushed = false } of input.chunks())
    chunks.push([records.map(({ message }) => message), isFlushed]);
  return chunks;
}
