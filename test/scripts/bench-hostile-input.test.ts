import { Decompress } from 'fzstd';
import { describe, expect, it } from 'vitest';
import { FORMAT_BODIES } from '../../scripts/bench/hostile/format-bodies.mjs';
import { JSON_BODIES } from '../../scripts/bench/hostile/json-bodies.mjs';
import {
  csvOfKnownLines,
  csvOfNewLines,
  csvWithRaggedEnd,
  jsonOfNewLogs,
  MOST_JSON_BYTES,
  shortMessage,
  UnusedTemplates,
} from '../../scripts/bench/hostile/new-lines.mjs';
import { statusIn } from '../../scripts/bench/hostile/connections.mjs';
import { tally } from '../../scripts/bench/hostile/post.mjs';
import { toTemplate } from '../../src/classifier/template/template.js';
import { loadConfig } from '../../src/config.js';

const rowsOf = (csv: Buffer) => csv.toString().trimEnd().split('\n').slice(1);
const templatesOf = (csv: Buffer) =>
  new Set(rowsOf(csv).map((row) => toTemplate(row.slice(row.indexOf(',') + 1))));

describe('the JSON bodies of the hostile load', () => {
  it.each(JSON_BODIES)('$name is not refused for its size', ({ make }) => {
    const { length } = make();
    expect(length).toBeGreaterThan(5_000_000);
    expect(length).toBeLessThanOrEqual(loadConfig({}).maxJsonBytes);
  });

  it('have the default MAX_JSON_BYTES as their largest size', () => {
    expect(MOST_JSON_BYTES).toBe(loadConfig({}).maxJsonBytes);
  });

  it('hold two million logs without a field', () => {
    const body =
      JSON_BODIES.find(({ name }) => name.includes('2,000,000'))
        ?.make()
        .toString() ?? '';
    expect(body.slice(0, 15)).toBe('{"logs":[{},{},');
    expect(body.slice(-8)).toBe(',{},{}]}');
    expect(body.length).toBe('{"logs":['.length + 2_000_000 * '{},'.length - 1 + ']}'.length);
  });

  it('of new logs stay below 64 kB with 1,000 logs, all of different templates', () => {
    const bodies = [0, 299_000].map((first) => jsonOfNewLogs(first, 1000));
    const messages = bodies.flatMap((body) =>
      (JSON.parse(body.toString()) as { logs: { log_message: string }[] }).logs.map((log) => log.log_message),
    );
    expect(Math.max(...bodies.map(({ length }) => length))).toBeLessThan(64 * 1024);
    expect(new Set(messages.map(toTemplate)).size).toBe(2000);
  });

  it('have a different message for each number', () => {
    const messages = Array.from({ length: 100_000 }, (_, i) => shortMessage(i));
    expect(new Set(messages).size).toBe(100_000);
  });
});

describe('the bodies of all formats of the hostile load', () => {
  const bodyOf = (name: string): Buffer => {
    const found = FORMAT_BODIES.find((body) => body.name.includes(name));
    if (!found) throw new Error(`There is no body ${name}.`);
    return found.make();
  };

  it('have a Zstandard frame of blocks of one letter, which a decoder accepts', () => {
    let letters = 0;
    const decoder = new Decompress((text) => (letters += text.filter((code) => code === 0x61).length));
    // The head has 6 bytes, each block 4.
    decoder.push(bodyOf('Zstandard').subarray(0, 6 + 4 * 20));
    expect(letters).toBe(20 * 131_072);
  });

  it('have many columns and short rows in a CSV', () => {
    const [header = '', row = ''] = bodyOf('short rows').toString().split('\n');
    expect([header.split(',').length, row]).toEqual([16_384, 'a,b,,']);
  });
});

describe('the CSV files of the hostile load', () => {
  it('have a different template in each row, and share none with another file', () => {
    const templates = new UnusedTemplates();
    const files = [2000, 2000].map((rows) => csvOfNewLines(templates.take(rows), rows));
    const found = files.map(templatesOf);
    expect(found.map(({ size }) => size)).toEqual([2000, 2000]);
    expect(new Set(found.flatMap((one) => [...one])).size).toBe(4000);
  });

  it('name the source', () => {
    expect(rowsOf(csvOfNewLines(0, 1, 'LegacyCRM'))[0]).toMatch(/^LegacyCRM,/);
  });

  it('repeat known lines up to a size', () => {
    const csv = csvOfKnownLines(20, 100_000);
    expect(csv.length).toBeGreaterThanOrEqual(100_000);
    expect(csv.length).toBeLessThan(103_000);
    expect(templatesOf(csv).size).toBe(20);
  });

  it('end with a row that has one cell too many if the server must refuse them', () => {
    const rows = rowsOf(csvWithRaggedEnd(0, 30));
    expect(rows).toHaveLength(31);
    expect(rows.map((row) => row.split(',').length).lastIndexOf(2)).toBe(29);
    expect(rows.at(-1)?.split(',')).toHaveLength(3);
  });
});

it.each([
  [[400, 400, null, 200], '200 × 1, 400 × 2, no answer × 1'],
  [[], 'nothing sent'],
])('the answers %j are reported as "%s"', (statuses, text) => {
  expect(tally(statuses)).toBe(text);
});

it('finds the status in the first bytes of an answer', () => {
  expect(statusIn('HTTP/1.1 413 Payload Too Large\r\n')).toBe(413);
  expect(statusIn('nonsense')).toBeUndefined();
});
