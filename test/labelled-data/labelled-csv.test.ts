import { expect, it } from 'vitest';
import { DataError, readLabelledCsv, type LabelledData } from '../../src/labelled-data/labelled-csv.js';

function read(csv: string): Promise<LabelledData> {
  async function* bytes() {
    yield await Promise.resolve(Buffer.from(csv));
  }
  return readLabelledCsv(bytes(), { maxCellChars: 1000 });
}

it('reads the three columns in any order and trims labels', async () => {
  const { records } = await read('id;Target_Label;log_message;source\n1; Error ;disk, full ;A\n');
  expect(records).toEqual([{ source: 'A', message: 'disk, full ', label: 'Error', line: 2 }]);
});

it('reads the column family if there is one', async () => {
  const { records } = await read('source,log_message,target_label,Family\nA,one,X,mail\nA,two,X, \n');
  expect(records.map(({ family }) => family)).toEqual(['mail', undefined]);
});

it('counts blank lines and line breaks in cells when it gives the line of a row', async () => {
  const csv = '\nsource,log_message,target_label\n\nA,"one\r\ntwo",X\n\n\nB,three,Y\nC,four,Z';
  const { records } = await read(csv);
  expect(records.map(({ message, line }) => [message, line])).toEqual([
    ['one\r\ntwo', 4],
    ['three', 8],
    ['four', 9],
  ]);
});

it('leaves out rows without a label and returns their lines', async () => {
  const data = await read('source,log_message,target_label\nA,one\nA,two,X\nA,three,  \n');
  expect(data.records.map(({ message }) => message)).toEqual(['two']);
  expect(data.unlabelled).toEqual([2, 4]);
});

it.each([
  [
    'without a target_label column',
    'source,log_message\nA,one\n',
    /column "target_label".* is missing.*"log_message"/,
  ],
  ['without a labelled row', 'source,log_message,target_label\nA,one,\n', /No row has a target_label/],
])('rejects a file %s', async (_, csv, reason) => {
  const error: unknown = await read(csv).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DataError);
  expect((error as Error).message).toMatch(reason);
});

it('throws the error of a malformed CSV', async () => {
  await expect(read('source,log_message,target_label\nA\n')).rejects.toMatchObject({
    code: 'csv_malformed',
    place: { line: 2 },
  });
});
