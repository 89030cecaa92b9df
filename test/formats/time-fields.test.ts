import { expect, it } from 'vitest';
import type { LogRecord } from '../../src/log-record.js';
import { read } from './csv/support.js';
import { readBack } from './json/support.js';

it.each([
  ['timestamp,log_message\n 2026-11-26 ,a', '2026-11-26'],
  ['Time Created,log_message\n1,a', '1'],
  ['date,time,log_message\n2026-11-26,12:00:01,a', '2026-11-26 12:00:01'],
  ['time,date,log_message\n12:00:01,2026-11-26,a', '2026-11-26 12:00:01'],
  ['time,date,log_message\n2026-11-26T12:00:01Z,today,a', '2026-11-26T12:00:01Z'],
  ['time,date,log_message\n,2026-11-26,a', '2026-11-26'],
  ['date,timestamp,log_message\n1,2,a', '2'],
  ['ts,log_message\n,a', undefined],
  [`ts,log_message\n${'9'.repeat(201)},a`, undefined],
  ['log_message,x\n2026-11-26,1', undefined],
])('the table %j has the time %j', async (file, time) => {
  expect((await read(file)).records.map((record) => record.time)).toEqual([time]);
});

it.each([
  [{ '@timestamp': '2026-11-26', message: 'a', time: 'x' }, '2026-11-26'],
  [{ time_unix_nano: 17, message: 'a' }, '17'],
  [{ time: { x: 1 }, ts: 1.5, message: 'a' }, '1.5'],
  [{ ts: '9'.repeat(201), message: 'a' }, undefined],
  [{ message: 'a' }, undefined],
])('the object %j has the time %j', async (object, time) => {
  const { records } = await readBack(JSON.stringify([object]));
  expect(records.map((record) => record.time)).toEqual([time]);
});

it('the column of message, source or level is not the time', async () => {
  const { records } = await read('time,ts,log_message\n1,2,a', { fields: { sourceColumn: 'time' } });
  expect(records).toEqual([{ source: '1', message: 'a', time: '2' }]);
});

it('a record has its own label, unless it is blank', async () => {
  const labels = (records: readonly LogRecord[]): unknown[] => records.map(({ ownLabel }) => ownLabel);
  const table = await read('log_message,Target Label\na, Error \nb,\nc, ');
  expect([labels(table.records), table.counts.overwrittenLabels]).toEqual([
    ['Error', undefined, undefined],
    1,
  ]);
  const list = [{ target_label: 'Error' }, { target_label: ' ' }, { target_label: 1 }, {}];
  const logs = list.map((fields) => ({ message: 'a', ...fields }));
  const expected = ['Error', undefined, undefined, undefined];
  expect(labels((await readBack(JSON.stringify(logs))).records)).toEqual(expected);
  expect(labels((await readBack(JSON.stringify({ logs }))).records)).toEqual(expected);
});
