import { AppError } from '../errors.js';

const sendText = 'Send log lines as text, CSV or JSON.';
const saveAsCsv = 'save the table as CSV ("CSV UTF-8") and send that file.';
const excel = 'This is an Excel workbook. In Excel use File > Save As > CSV UTF-8 and send that file.';
const unpackFirst = 'Unpack it and send the file inside, or pack it as gzip, zstd or zip.';

/** File signatures at offset 0 in hexadecimal (`..` is any byte), and the sentence for the user. */
const signatures: readonly (readonly [hex: string, detail: string])[] = [
  ['d0cf11e0a1b11ae1', `This is an old Excel workbook (or another old Office file). Open it, ${saveAsCsv}`],
  ['1f8b', 'This is a gzip file inside another packed file. Unpack it and send the file inside.'],
  ['28b52ffd', 'This is a Zstandard file inside another packed file. Unpack it and send the file inside.'],
  ['fd377a585a00', `This is an xz file, which is not unpacked here. ${unpackFirst}`],
  ['425a68..314159265359', `This is a bzip2 file, which is not unpacked here. ${unpackFirst}`],
  ['425a68..177245385090', `This is an empty bzip2 file. ${sendText}`],
  ['377abcaf271c', `This is a 7-Zip archive, which is not unpacked here. ${unpackFirst}`],
  ['526172211a07', `This is a RAR archive, which is not unpacked here. ${unpackFirst}`],
  ['04224d18', `This is an LZ4 file, which is not unpacked here. ${unpackFirst}`],
  ['89504e470d0a1a0a', `This is a PNG image, not a text file. ${sendText}`],
  ['ffd8ff', `This is a JPEG image, not a text file. ${sendText}`],
  ['474946383761', `This is a GIF image, not a text file. ${sendText}`],
  ['474946383961', `This is a GIF image, not a text file. ${sendText}`],
  ['255044462d', `This is a PDF document, not a text file. ${sendText}`],
  ['7f454c46', `This is a program (ELF), not a text file. ${sendText}`],
  [
    '456c6646696c6500',
    'This is a Windows event log (.evtx). Export it in the Event Viewer as CSV and send that file.',
  ],
  [
    '4c504b5348485248',
    'This is a systemd journal. Send the output of journalctl, for example of journalctl -o json.',
  ],
  ['d4c3b2a1', `This is a network capture (pcap), not a text file. ${sendText}`],
  ['0a0d0d0a', `This is a network capture (pcapng), not a text file. ${sendText}`],
  [
    '53514c69746520666f726d6174203300',
    'This is an SQLite database. Export the table as CSV and send that file.',
  ],
  ['5041523115', 'This is a Parquet file. Export it as CSV and send that file.'],
  ['4f626a01', 'This is an Avro file. Export it as JSON and send that file.'],
  ['fffe0000', 'This is UTF-32 text. Save it as UTF-8 and send that file.'],
  ['0000feff', 'This is UTF-32 text. Save it as UTF-8 and send that file.'],
];

/** A tar archive has this at offset 257. */
const tar = { at: 257, magic: 'ustar' };

/** So many control characters, of so many kinds and in this share of the bytes, are no text. */
const binary = { controls: 32, kinds: 6, share: 0.05 };

/** How many bytes other than NUL are watched for control characters. */
const watchedBytes = 64 * 1024;

/** A zip archive starts with a local file header, or with the end record if it is empty. */
const zipSignatures = ['504b0304', '504b0506'];

/** Kinds of zip files, by the names of their first entries. The local headers contain the names uncompressed. */
const zipContents: readonly (readonly [entry: string, detail: string])[] = [
  ['xl/', excel],
  ['word/', `This is a Word document. Copy the table into a spreadsheet, ${saveAsCsv}`],
  ['ppt/', `This is a PowerPoint document, not a text file. ${sendText}`],
  ['opendocument.spreadsheet', `This is an OpenDocument spreadsheet. Open it, ${saveAsCsv}`],
  ['opendocument.', `This is an OpenDocument file, not a text file. ${sendText}`],
  ['[Content_Types].xml', `This is an Office file. Open it, ${saveAsCsv}`],
];

/**
 * Refuses known binary formats. It checks the bytes only, because file names and media types are often wrong.
 * @param firstBytes the start of the file; 4 KB are enough to recognise an Office file
 * @throws AppError `not_text` with a sentence that names the format
 */
export function refuseBinary(firstBytes: Uint8Array): void {
  const hex = Buffer.from(firstBytes.subarray(0, 16)).toString('hex');
  if (zipSignatures.some((signature) => hex.startsWith(signature))) throw notText(describeZip(firstBytes));
  const known = signatures.find(([signature]) => new RegExp(`^${signature}`).test(hex));
  if (known) throw notText(known[1]);
  if (Buffer.from(firstBytes.subarray(tar.at, tar.at + tar.magic.length)).toString('latin1') === tar.magic) {
    throw notText('This is a tar archive. Unpack it and send one file of it.');
  }
}

/**
 * Watches the bytes of a file for what no text has: many kinds of control characters, or nothing but NULs. Runs of NULs
 * among text are fine, because log rotation leaves them.
 */
export class BinaryWatch {
  readonly #isUtf16: boolean;
  readonly #kinds = new Set<number>();
  #controls = 0;
  #seen = 0;
  #nuls = 0;

  /** @param options.isUtf16 UTF-16 has every byte value in its text, so its control characters are not counted */
  constructor({ isUtf16 }: { isUtf16: boolean }) {
    this.#isUtf16 = isUtf16;
  }

  /**
   * Sees the next bytes of the file.
   * @throws AppError `not_text` if they are not those of a text
   */
  see(bytes: Uint8Array): void {
    if (this.#seen >= watchedBytes || (this.#isUtf16 && this.#seen > 0)) return;
    for (const byte of bytes) {
      if (byte === 0) this.#nuls += 1;
      else this.#count(byte);
    }
    if (this.#isUtf16 || this.#controls < binary.controls || this.#kinds.size < binary.kinds) return;
    if (this.#controls < this.#seen * binary.share) return;
    throw notText(`This is binary data: it is full of control characters. ${sendText}`);
  }

  /**
   * Call it when the file has ended.
   * @throws AppError `not_text` for a file of nothing but NULs
   */
  end(): void {
    if (this.#seen > 0 || this.#nuls === 0) return;
    throw notText(`The file is nothing but NUL bytes (${this.#nuls} of them). ${sendText}`);
  }

  #count(byte: number): void {
    this.#seen += 1;
    const isControl = byte < 0x20 && !textControls.has(byte);
    if (!isControl) return;
    this.#controls += 1;
    this.#kinds.add(byte);
  }
}

/** Tab, line feed, form feed, carriage return, and escape, which starts a colour. */
const textControls = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

function notText(detail: string): AppError {
  return new AppError('not_text', detail);
}

function describeZip(firstBytes: Uint8Array): string {
  const text = Buffer.from(firstBytes).toString('latin1');
  const known = zipContents.find(([entry]) => text.includes(entry));
  return known
    ? known[1]
    : 'This is a zip archive inside another packed file. Unpack it and send one file of it.';
}
