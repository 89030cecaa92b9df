import { text } from 'node:stream/consumers';
import type { Spool } from '../../src/pipeline/spool.js';
import { SpoolQuota } from '../../src/pipeline/spool-quota.js';

/** A quota larger than any test needs. */
export function largeQuota(): SpoolQuota {
  return new SpoolQuota({ maxBytes: 1e9, maxMemoryBytes: 1e9 });
}

/** Returns the text of a spool and releases the spool. */
export async function readAll(spool: Spool): Promise<string> {
  const body = await spool.read();
  const all = Buffer.isBuffer(body) ? body.toString() : await text(body);
  spool.release();
  return all;
}
