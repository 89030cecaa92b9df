import { describe, expect, it } from 'vitest';
import type { LogRecord } from '../../../src/classifier/types.js';
import { JsonLogReader } from '../../../src/formats/json/json-log-reader.js';
import { JsonScanner } from '../../../src/formats/json/json-scanner.js';

function read(body: string): LogRecord[] {
  const reader = new JsonLogReader(4);
  const scanner = new JsonScanner(reader);
  scanner.write(body);
  scanner.end();
  return reader.finish();
}

const LOG = '{"source":"A","log_message":"b"}';
const AB = { source: 'A', message: 'b' };

describe('The logs of a body', () => {
  it.each([
    [
      'a list of logs',
      `{"logs":[${LOG},{"log_message":"d","source":"C"}]}`,
      [AB, { source: 'C', message: 'd' }],
    ],
    ['a single log', LOG, [AB]],
    ['an empty list', '{"logs":[]}', []],
    ['logs behind other lists and objects', `{"x":[[${LOG}]],"y":{"logs":[${LOG}]},"logs":[${LOG}]}`, [AB]],
    ['logs before other lists and objects', `{"logs":[${LOG}],"x":[{"source":1}],"y":{"source":1}}`, [AB]],
    ['a log that holds others', `{"logs":[{"x":{"source":1},"y":[{}],${LOG.slice(1)}]}`, [AB]],
    ['fields beside logs', `{"source":1,"logs":[${LOG}],"source":2,"log_message":[]}`, [AB]],
    ['the last of two fields', `{"logs":[{"source":1,${LOG.slice(1)}]}`, [AB]],
    [
      'long strings that are not needed',
      `{"x":"12345","logs":[{"y":"12345",${LOG.slice(1)}],"source":"12345"}`,
      [AB],
    ],
    [
      'strings of the maximum length',
      '{"source":"1234","log_message":"1234"}',
      [{ source: '1234', message: '1234' }],
    ],
  ])('are read from %s', (_, body, logs) => {
    expect(read(body)).toEqual(logs);
  });
});

describe('A body is refused', () => {
  const EXPECTED_BODY =
    'Send {"logs": [{"source": "...", "log_message": "..."}]} or a single {"source": "...", "log_message": "..."}.';

  it.each([
    ['text', '"a"', '', 'The body must be an object. '],
    ['null', 'null', '', 'The body must be an object. '],
    ['a list', '[]', '', 'The body must be an object. '],
    ['no source', '{"log_message":"b"}', 'source', 'source is missing. '],
    [
      'a source only in another field',
      '{"x":{"source":"A"},"log_message":"b"}',
      'source',
      'source is missing. ',
    ],
    ['no message', '{"source":"A"}', 'log_message', 'log_message is missing. '],
    ['a source that is an object', '{"source":{},"log_message":"b"}', 'source', 'source must be a string. '],
    ['a log that is not an object', `{"logs":[${LOG},null]}`, 'logs.1', 'logs.1 must be an object. '],
    ['a log that is text', '{"logs":["A"]}', 'logs.0', 'logs.0 must be an object. '],
    ['a log that is a list', '{"logs":[[]]}', 'logs.0', 'logs.0 must be an object. '],
    [
      'a log without a source',
      `{"logs":[${LOG},{"log_message":"b"}]}`,
      'logs.1.source',
      'logs.1.source is missing. ',
    ],
    [
      'a log that takes its source from the last',
      `{"logs":[${LOG},{"source":"C"}]}`,
      'logs.1.log_message',
      'logs.1.log_message is missing. ',
    ],
    ['logs that are text', '{"logs":"A"}', 'logs', 'logs must be a list.'],
    ['logs that are an object', '{"logs":{}}', 'logs', 'logs must be a list.'],
    ['logs twice', '{"logs":[],"logs":[]}', 'logs', 'logs appears twice.'],
  ])('with %s, and the error names the path', (_, body, path, begin) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({
        code: 'json_invalid',
        place: { path },
        message: expect.stringContaining(EXPECTED_BODY) as string,
      }) as Error,
    );
    expect(() => read(body)).toThrow(begin);
  });

  it.each([
    ['{"source":"12345"', 'source'],
    ['{"log_message":"12345"', 'log_message'],
    [`{"logs":[${LOG},{"log_message":"12345"`, 'logs.1.log_message'],
  ])('%s as soon as the string is too long', (body, path) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({
        code: 'cell_too_large',
        message: `${path} has more than 4 characters. Shorten it, or raise MAX_CELL_CHARS.`,
        place: { path },
      }) as Error,
    );
  });
});
