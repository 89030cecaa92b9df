import { text } from 'node:stream/consumers';
import type { Spool } from '../../src/pipeline/spool.js';
import { SpoolRoom } from '../../src/pipeline/spool-room.js';

/** Room for more than any test writes. */
export function muchRoom(): SpoolRoom {
  return new SpoolRoom({ maxBytes: 1e9, maxMemoryBytes: 1e9 });
}

/** What the spool gives, which is given back. */
export async function readAll(spool: Spool): Promise<string> {
  const body = await spool.read();
  const all = Buffer.isBuffer(body) ? body.toString() : await text(body);
  spool.release();
  return all;
}
