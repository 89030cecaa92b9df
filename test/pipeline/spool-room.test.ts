import { describe, expect, it } from 'vitest';
import { SpoolRoom } from '../../src/pipeline/spool-room.js';

describe('SpoolRoom', () => {
  it('gives one answer a quarter of the room, and refuses it a byte more', () => {
    const room = new SpoolRoom({ maxBytes: 400, maxMemoryBytes: 400 });
    room.take(60, 0);
    room.take(40, 60);
    expect(() => room.take(1, 100)).toThrow(expect.objectContaining({ code: 'upload_too_large' }) as Error);
    expect(() => room.take(101, 0)).toThrow(expect.objectContaining({ code: 'upload_too_large' }) as Error);
    expect(room.held).toEqual({ bytes: 100, memoryBytes: 100 });
  });

  it('gives all of its room to several answers, refuses what is beyond it, and gives again what is released', () => {
    const room = new SpoolRoom({ maxBytes: 400, maxMemoryBytes: 400 });
    for (let answers = 0; answers < 4; answers += 1) room.take(100, 0);
    expect(() => room.take(1, 0)).toThrow(expect.objectContaining({ code: 'busy' }) as Error);
    room.release(100, 100);
    room.take(99, 0);
    expect(room.held).toEqual({ bytes: 399, memoryBytes: 399 });
  });

  it('has its memory full only when spools hold more there than they may', () => {
    const room = new SpoolRoom({ maxBytes: 400, maxMemoryBytes: 100 });
    room.take(100, 0);
    expect(room.isMemoryFull).toBe(false);
    room.take(1, 0);
    expect(room.isMemoryFull).toBe(true);
    room.moveToFile(100);
    expect([room.isMemoryFull, room.held]).toEqual([false, { bytes: 101, memoryBytes: 1 }]);
    room.release(101, 1);
    expect(room.held).toEqual({ bytes: 0, memoryBytes: 0 });
  });
});
