import { AppError } from '../errors.js';

const saveAsCsv = 'save it as CSV ("CSV UTF-8") and upload that file.';
const excel = 'This is an Excel workbook. In Excel use File > Save As > CSV UTF-8 and upload that file.';
const unpackFirst = 'Unpack it and upload the CSV file itself.';

/** File signatures at offset 0 in hexadecimal (`..` is any byte), and the sentence for the user. */
const signatures: readonly (readonly [hex: string, detail: string])[] = [
  ['d0cf11e0a1b11ae1', `This is an old Excel workbook (or another old Office file). Open it, ${saveAsCsv}`],
  ['1f8b', `This is a gzip file. ${unpackFirst}`],
  ['28b52ffd', `This is a Zstandard file. ${unpackFirst}`],
  ['fd377a585a00', `This is an xz file. ${unpackFirst}`],
  ['425a68..314159265359', `This is a bzip2 file. ${unpackFirst}`],
  ['377abcaf271c', `This is a 7-Zip archive. ${unpackFirst}`],
  ['526172211a07', `This is a RAR archive. ${unpackFirst}`],
  ['89504e470d0a1a0a', 'This is a PNG image, not a CSV file.'],
  ['ffd8ff', 'This is a JPEG image, not a CSV file.'],
  ['474946383761', 'This is a GIF image, not a CSV file.'],
  ['474946383961', 'This is a GIF image, not a CSV file.'],
  ['255044462d', 'This is a PDF document, not a CSV file.'],
  ['7f454c46', 'This is a program (ELF), not a CSV file.'],
  [
    '53514c69746520666f726d6174203300',
    'This is an SQLite database. Export the table as CSV and upload that file.',
  ],
  ['5041523115', 'This is a Parquet file. Export it as CSV and upload that file.'],
  ['fffe0000', 'This is UTF-32 text. Save it as UTF-8 and upload that file.'],
  ['0000feff', 'This is UTF-32 text. Save it as UTF-8 and upload that file.'],
];

/** A zip archive starts with a local file header, or with the end record if it is empty. */
const zipSignatures = ['504b0304', '504b0506'];

/** Kinds of zip files, by the names of their first entries. The local headers contain the names uncompressed. */
const zipContents: readonly (readonly [entry: string, detail: string])[] = [
  ['xl/', excel],
  ['word/', `This is a Word document. Copy the table into a spreadsheet, ${saveAsCsv}`],
  ['ppt/', 'This is a PowerPoint document, not a CSV file.'],
  ['opendocument.spreadsheet', `This is an OpenDocument spreadsheet. Open it, ${saveAsCsv}`],
  ['opendocument.', 'This is an OpenDocument file, not a CSV file.'],
  ['[Content_Types].xml', `This is an Office file. Open it, ${saveAsCsv}`],
];

/**
 * Refuses known binary formats. It checks the bytes only, because file names and media types are often wrong.
 * @param firstBytes the start of the file; 4 KB are enough to recognise an Excel workbook
 * @throws AppError `not_csv` with a sentence that names the format
 */
export function refuseBinary(firstBytes: Uint8Array): void {
  const hex = Buffer.from(firstBytes.subarray(0, 16)).toString('hex');
  if (zipSignatures.some((signature) => hex.startsWith(signature))) throw notCsv(describeZip(firstBytes));
  const known = signatures.find(([signature]) => new RegExp(`^${signature}`).test(hex));
  if (known) throw notCsv(known[1]);
}

/** Returns the error for a NUL character, which a CSV file must not contain. */
export function nulFound(offset: number): AppError {
  return notCsv(
    `This is not a text file: it has a NUL character at byte ${offset} (counted from 0).`,
    offset,
  );
}

function notCsv(detail: string, offset?: number): AppError {
  return new AppError('not_csv', detail, offset === undefined ? {} : { offset });
}

function describeZip(firstBytes: Uint8Array): string {
  const text = Buffer.from(firstBytes).toString('latin1');
  const known = zipContents.find(([entry]) => text.includes(entry));
  return known ? known[1] : `This is a zip archive. ${unpackFirst}`;
}
