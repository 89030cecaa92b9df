import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InspectAnswer } from '../../src/http/schemas/inspect.js';
import { build, form } from '../support/app.js';

/** Sends a body to POST /inspect. */
async function inspect(payload: string | Buffer, { type = 'text/csv', query = '' } = {}) {
  const { app, classifier } = await build();
  const headers = { 'content-type': type };
  const response = await app.inject({ method: 'POST', url: `/inspect${query}`, headers, payload });
  return { response, classifier, answer: response.json<InspectAnswer>() };
}

describe('POST /inspect', () => {
  it('names format, encoding, delimiter, header and columns of a table, and shows its first ten rows', async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `${i};db01;Vol #${i} mounted;INFO`);
    const { answer, classifier } = await inspect(
      `Export of May\nNo;Host;Message;Level\n${rows.join('\n')}\n`,
    );
    expect(answer).toMatchObject({
      format: 'csv',
      encoding: 'utf-8',
      packings: [],
      delimiter: ';',
      header_line: 2,
      columns: ['No', 'Host', 'Message', 'Level'],
      message: { name: 'Message', column: 3, guessed: false },
      source: { name: 'Host', column: 2, guessed: false },
      level: { name: 'Level', column: 4, guessed: false },
      inspected: 'all',
      problems: { count: 0, first: [] },
    });
    expect(answer.rows).toHaveLength(10);
    expect(answer.rows[1]).toEqual({
      source: 'db01',
      log_message: 'Vol #1 mounted',
      level: 'INFO',
      cells: ['1', 'db01', 'Vol #1 mounted', 'INFO'],
    });
    expect(classifier.asked).toEqual([]);
  });

  it('guesses the column of the message where POST /classify would refuse the table', async () => {
    const { answer } = await inspect('When,What Happened\n1,The queue of printer 4 is full\n');
    expect(answer.message).toEqual({ name: 'What Happened', column: 2, guessed: true });
    expect(answer.rows[0]?.log_message).toBe('The queue of printer 4 is full');
  });

  it.each([
    [
      'application/x-ndjson',
      '{"id":"7f","note":"Fan 3 has stopped"}\n{"id":"80"}\n',
      ['Fan 3 has stopped', ''],
    ],
    ['application/json', '[{"id":"7f","note":"Fan 3 has stopped"}]', ['Fan 3 has stopped']],
    ['application/json', '{"id":"7f","note":"Fan 3 has stopped"}', ['Fan 3 has stopped']],
    ['application/json', '{"logs":[{"id":"7f","note":"Fan 3 has stopped"}]}', ['Fan 3 has stopped']],
  ])('guesses the field of the message in %s %s', async (type, body, messages) => {
    const { answer } = await inspect(body, { type });
    expect(answer.message).toEqual({ name: 'note', guessed: true });
    expect(answer.rows.map(({ log_message: message }) => message)).toEqual(messages);
    expect(answer.problems.count).toBe(0);
  });

  it('does not guess where a field was chosen, and tells why there is no message', async () => {
    const { answer } = await inspect('{"note":"Fan 3 has stopped"}\n', {
      type: 'application/x-ndjson',
      query: '?message_column=nte',
    });
    expect(answer).toMatchObject({ message: null, rows: [], problems: { count: 1 } });
  });

  it.each([
    ['on one line', JSON.stringify],
    ['that spans lines', (value: unknown) => JSON.stringify(value, null, 2)],
  ])('does not count its own cut through JSON %s as a problem', async (_, toText) => {
    const list = Array.from({ length: 3_000 }, (_each, i) => ({ n: i, msg: `Fan ${i} has stopped` }));
    for (const payload of [toText(list), toText({ logs: list }), toText(list).slice(0, 65_000)]) {
      const { answer } = await inspect(payload, { type: 'application/json' });
      expect(answer).toMatchObject({ inspected: 'start', problems: { count: 0, first: [] } });
      expect(answer.rows).toHaveLength(10);
    }
  });

  it('lists the rows that cannot be read, and shows the others', async () => {
    const { answer } = await inspect('source,log_message\nA,one\n(1 row)\nB,"tw"o\nC,three\n');
    expect(answer.rows.map(({ log_message: message }) => message)).toEqual(['one', 'three']);
    expect(answer.problems).toMatchObject({ count: 2, first: [{ line: 3 }, { line: 4 }] });
  });

  it('reads only the start of a large file; the record at the cut is no problem', async () => {
    const csv = `source,log_message\n${'A,"first line\nsecond line"\n'.repeat(20_000)}`;
    for (const payload of [csv, csv.slice(0, 65_536), gzipSync(csv)]) {
      const { answer } = await inspect(Buffer.from(payload));
      expect(answer).toMatchObject({ inspected: 'start', problems: { count: 0 }, warnings: [] });
      expect(answer.rows).toHaveLength(10);
    }
  });

  it.each([
    ['lines', 'text/plain', 'one\ntwo\n'],
    ['ndjson', 'application/x-ndjson', '{"msg":"one"}\n{"msg":"two"}\n'],
    ['json', 'application/json', '[{"msg":"one"},{"msg":"two"}]'],
  ])('shows the records of %s', async (format, type, body) => {
    const { answer } = await inspect(body, { type });
    expect(answer).toMatchObject({ format, rows: [{ log_message: 'one' }, { log_message: 'two' }] });
  });

  it('names a packing and a guessed encoding', async () => {
    const { answer } = await inspect(
      gzipSync(Buffer.from('source,log_message\nA,caf\xe9 ferm\xe9\n', 'latin1')),
    );
    expect(answer).toMatchObject({
      packings: ['gzip'],
      encoding: 'windows-1252',
      warnings: [{ code: 'encoding-guessed', value: 'windows-1252' }],
    });
  });

  it('takes parameters from the query and from form fields', async () => {
    const { app } = await build();
    const sent = await form({ field: 'message_column', value: '1' }, { file: 'a,b\n1,2\n' });
    const response = await app.inject({ method: 'POST', url: '/inspect?source=X', ...sent });
    expect(response.json()).toMatchObject({ rows: [{ source: 'X', log_message: '1' }] });
  });

  it('refuses an unknown parameter, and what is no text', async () => {
    expect((await inspect('a', { query: '?mesage_column=a' })).answer).toMatchObject({
      code: 'parameter_unknown',
    });
    const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
    expect((await inspect(png)).answer).toMatchObject({ status: 415, code: 'not_text' });
  });
});
