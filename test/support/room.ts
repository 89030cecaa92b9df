import { SpoolRoom } from '../../src/pipeline/spool-room.js';

/** Room for more than any test writes. */
export function muchRoom(): SpoolRoom {
  return new SpoolRoom({ maxBytes: 1e9, maxMemoryBytes: 1e9 });
}
