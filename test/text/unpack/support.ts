import { Buffer } from 'node:buffer';
import { tmpdir } from 'node:os';
import { crc32, deflateRawSync } from 'node:zlib';
import { unpack, type UnpackedBytes, type UnpackOptions } from '../../../src/text/unpack/unpack.js';
import { chunked } from '../../formats/csv/support.js';

export const options: UnpackOptions = { maxUnpackedBytes: 2 ** 31, tempDir: tmpdir() };

/** The lines that `zstdOfLines` has, which the command line program made. */
export const lines = Array.from(
  { length: 120 },
  (_, i) =>
    `web-${String(i % 3).padStart(2, '0')},Job ${(i * 7919) % 1000} failed: Größe überschritten on disk sda${i % 5} (${(i * i) % 977} ms)\n`,
).join('');

const base64 =
  'KLUv/QRYlRwAtvFtHpCr3Dn2r+5OqQ+5Nn18EuCmZ8h2d3fv9LNRNysfEHwAXABdAPG5vd7zJVp4TUuQGZol5ihNfl+/lmjT' +
  'NkqQ7yWTmNc8SeIzZBsJk1uXaGXdLEF25pSYqytJHAdvCafTHcDgMAFAgAcHUYkeaHgIBg8LGuIBhHjgIEHCgggKEDxEcGCw' +
  'cCEcKFyocCFCgSDQ4NBgwYEE0WCAYEBAO4DBYUKT/s0SprtPolVTKUE29EOJOdfhSRyzqCfhPJubRGtXhD2j559jY5Eu0TI/' +
  'zxJkdN+WmPv0SrdEcl6VsOx4c/4Ze5Z4u/RV9TU+kk2UL0m0OLeNBNnI9JGYUzXxEmgSH7sjoUv3rLNO6ERzLeGkvyzRzrhQ' +
  'gmzqScyTXlcmCVNZzyPRmjtagsxoibnEcUocL5sm0ZJLgvzPkMS8gx6JD071EiYjSqqUILth7/DM0KgqicatkZjbrbrEAwAC' +
  'PDiIQZqfXGcvc+WvRvgen76subM3Jx+1Pjh2JXxbY9ZGu0l8yCYJ0zuXaPVkOEaJOaOaxJFeRhLO+xKtawly3vPQnavsVc0N' +
  '7UuQpcTc/VhjQ1N9jQS59l9iHoFNqFFsqxXd/w7xxo1McQcSCIQIQc7SBIsgIvw/2AflKUQB5LU8TadBqCU9faIVftPTduya' +
  '2avT9NSu/uCZacEkppzidx+bEFTbcM74tOy9bLE9fQ2YnPR03pK8+srTO28uu3i67sZ0CeEpHWMdcrNTjcA8iE7lIQvo5DT+' +
  'OqsMQB8xtkiG5Skywtd95JmtvYM8l+4Gq5yxPM4xypT6mtyfhNdg0+8aeJD1e/SANz3kkJ3opwGm0HdVU/tsm1ATy2TLSuiw' +
  '9hCnBGqMFKfCJayWq+8EIU4oq9LAPbr4eD/RBwGcQmsEyQbVugtiGUq3UHeGt9o7pi09Dzz4DezJSZXF9gY5U074Te6uaXN6' +
  '0AFiwr9CSU95m5G4Y+TR53qD/JjwHlDSp8f6iVTKMBDBYjOaJl69S5CQdLUQQcJ8LEy3KejHIgKKCRWMcICs3EsE1ljIKdHB' +
  'vcBLHCmrrFIr4jsd4JQaTwFs/sZjKGMBArVj4HgYh2raIO+Z0walLrkMhK+JskdP8ahSmrE1LVah/AoclSpIgS3UjHDIACaw' +
  'CwolhylLZveHzWMHZpm3NGIZUGKpiw5S5CfPiRUomOaoMcyG4d2icRP8xqCgx54h5hT54xRFxxhuehUmvfbP';

/** The output of `zstd -3 --check`. */
export const zstdOfLines = Buffer.from(base64, 'base64');

/** A Zstandard frame of one block without compression; at most 128 KiB. */
export function zstdRaw(content: Uint8Array): Buffer {
  return Buffer.concat([zstdHeader(), zstdBlock(0, content.length, true), content]);
}

/** A Zstandard frame that repeats one byte `blocks` times 128 KiB. */
export function* zstdZeros(blocks: number): Generator<Buffer> {
  yield zstdHeader();
  const many = Buffer.concat(
    Array.from({ length: 256 }, () => Buffer.concat([zstdBlock(1, 131_072, false), Buffer.from([0])])),
  );
  for (let i = 0; i < blocks; i += 256) yield many;
  yield Buffer.concat([zstdBlock(1, 0, true), Buffer.from([0])]);
}

/** The header of a frame; its window is 2^(10 + exponent) bytes. */
export function zstdHeader(exponent = 10): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, exponent << 3]);
}

/** The header of a block: type 0 is raw, 1 a repeated byte, 2 compressed. */
export function zstdBlock(type: number, size: number, isLast: boolean): Buffer {
  const head = Buffer.alloc(3);
  head.writeUIntLE((size << 3) | (type << 1) | Number(isLast), 0, 3);
  return head;
}

export interface ZipFile {
  name: string;
  content?: Uint8Array;
  method?: number;
  flags?: number;
  crc?: number;
}

/** A zip archive, written by hand so that it can be wrong. */
export function zip(...files: ZipFile[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content = Buffer.alloc(0), method = 8, flags = 0, crc = crc32(content) } of files) {
    const packed = method === 8 ? deflateRawSync(content) : Buffer.from(content);
    const fields = Buffer.alloc(26);
    [20, flags, method, 0, 0x21].forEach((value, i) => fields.writeUInt16LE(value, 2 * i));
    [crc, packed.length, content.length].forEach((value, i) => fields.writeUInt32LE(value, 10 + 4 * i));
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    local.push(Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\0'), fields, place, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}

/** Opens an upload that must not be a workbook. */
export async function unpackBytes(
  upload: AsyncIterable<Uint8Array>,
  more: Partial<UnpackOptions> = {},
): Promise<UnpackedBytes> {
  const unpacked = await unpack(upload, { ...options, ...more });
  if (unpacked.kind !== 'bytes') throw new Error('It is a workbook.');
  return unpacked;
}

/** Unpacks a file completely. */
export async function unpacked(
  file: Uint8Array,
  { chunkBytes, ...more }: Partial<UnpackOptions> & { chunkBytes?: number } = {},
): Promise<{ content: Buffer; packings: string[]; innerName: string | undefined; truncated: boolean }> {
  const result = await unpackBytes(chunked(file, chunkBytes).bytes, more);
  const content = await collect(result.bytes);
  const { packings, innerName, truncated } = result;
  return { content, packings, innerName, truncated };
}

export async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
}
