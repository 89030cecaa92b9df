import { gzipSync } from 'node:zlib';

const MIB = 1024 * 1024;

/** Bodies of all formats that are expensive to read. `query` is that of the request. */
export const FORMAT_BODIES = [
  {
    name: 'gzip of 256 MiB of zeros',
    type: 'text/csv',
    query: '',
    make: () => gzipSync(Buffer.alloc(256 * MIB)),
  },
  {
    name: 'Zstandard of 2 GiB of one letter',
    type: 'text/plain',
    query: '',
    make: () => zstdOfOneLetter(16_384),
  },
  {
    name: 'CSV, 4 MB of open quotes, left out',
    type: 'text/csv',
    query: '?on_error=skip',
    make: () => repeated('source,log_message\n', 'A,"b\n', 4_000_000),
  },
  {
    name: 'CSV, short rows under 16,384 columns',
    type: 'text/csv',
    query: '',
    make: () => repeated(`source,log_message${',a'.repeat(16_382)}\n`, 'a,b,,\n', 2_000_000),
  },
  {
    name: 'NDJSON, 2 MB of broken lines, left out',
    type: 'application/x-ndjson',
    query: '?on_error=skip',
    make: () => repeated('', '{"a":}\n', 2_000_000),
  },
  {
    name: 'plain lines, 16 MB of stack frames',
    type: 'text/plain',
    query: '',
    make: () => repeated('it failed\n', '\tat a.b(C.java:1)\n', 16_000_000),
  },
];

/** Returns head and the piece again and again, up to this many bytes. */
function repeated(/** @type {string} */ head, /** @type {string} */ piece, /** @type {number} */ bytes) {
  const count = Math.floor((bytes - head.length) / piece.length);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(count * piece.length, piece)]);
}

/** Returns a Zstandard frame (RFC 8878) of blocks that each repeat one letter 131,072 times. */
function zstdOfOneLetter(/** @type {number} */ blocks) {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const block = Buffer.alloc(4, 'a');
  const RLE = 1;
  block.writeUIntLE((131_072 << 3) | (RLE << 1), 0, 3);
  const all = Buffer.concat([head, Buffer.alloc(blocks * block.length, block)]);
  // The lowest bit of the last block's header says that it is the last.
  const last = all.length - block.length;
  all.writeUInt8(all.readUInt8(last) | 1, last);
  return all;
}
