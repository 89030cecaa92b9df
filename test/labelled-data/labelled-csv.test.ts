import { expect, it } from 'vitest';
import { DataError, readLabelled, type LabelledData } from '../../src/labelled-data/labelled-rows.js';

function read(csv: string): Promise<LabelledData> {
  async function* bytes() {
    yield await Promise.resolve(Buffer.from(csv));
  }
  return readLabelled(bytes(), { maxCellChars: 1000 });
}

it('reads the three columns wherever they stand, labels without white space around them', async () => {
  const { records } = await read('id;Target_Label;log_message;source\n1; Error ;disk, full ;A\n');
  expect(records).toEqual([{ source: 'A', message: 'disk, full ', label: 'Error', line: 2 }]);
});

it('reads the column family where there is one', async () => {
  const { records } = await read('source,log_message,target_label,Family\nA,one,X,mail\nA,two,X, \n');
  expect(records.map(({ family }) => family)).toEqual(['mail', undefined]);
});

it('tells on which line each row begins, blank lines and line breaks in cells counted', async () => {
  const csv = '\nsource,log_message,target_label\n\nA,"one\r\ntwo",X\n\n\nB,three,Y\nC,four,Z';
  const { records } = await read(csv);
  expect(records.map(({ message, line }) => [message, line])).toEqual([
    ['one\r\ntwo', 4],
    ['three', 8],
    ['four', 9],
  ]);
});

it('leaves rows without a label out and says where they are', async () => {
  const data = await read('source,log_message,target_label\nA,one,\nA,two,X\nA,three,  \n');
  expect(data.records.map(({ message }) => message)).toEqual(['two']);
  expect(data.unlabelled).toEqual([2, 4]);
});

it.each([
  ['without a target_label column', 'source,log_message\nA,one\n', /no column "target_label".*"log_message"/],
  ['without a labelled row', 'source,log_message,target_label\nA,one,\n', /no row with a target_label/],
])('refuses a file %s', async (_, csv, reason) => {
  const error: unknown = await read(csv).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(reason);
});

it('passes on what is wrong with the CSV itself', async () => {
  await expect(read('source,log_message,target_label\nA,one\n')).rejects.toMatchObject({
    code: 'csv_malformed',
    place: { line: 2 },
  });
});
