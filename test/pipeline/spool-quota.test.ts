import { describe, expect, it } from 'vitest';
import { SpoolQuota } from '../../src/pipeline/spool-quota.js';

describe('SpoolQuota', () => {
  it('gives one answer a quarter, and refuses one byte more', () => {
    const quota = new SpoolQuota({ maxBytes: 400, maxMemoryBytes: 400 });
    quota.reserve(60, 0);
    quota.reserve(40, 60);
    expect(() => quota.reserve(1, 100)).toThrow(
      expect.objectContaining({ code: 'upload_too_large' }) as Error,
    );
    expect(() => quota.reserve(101, 0)).toThrow(
      expect.objectContaining({ code: 'upload_too_large' }) as Error,
    );
    expect(quota.held).toEqual({ bytes: 100, memoryBytes: 100 });
  });

  it('gives all of it to several answers, refuses more, and reuses what is released', () => {
    const quota = new SpoolQuota({ maxBytes: 400, maxMemoryBytes: 400 });
    for (let answers = 0; answers < 4; answers += 1) quota.reserve(100, 0);
    expect(() => quota.reserve(1, 0)).toThrow(expect.objectContaining({ code: 'busy' }) as Error);
    quota.release(100, 100);
    quota.reserve(99, 0);
    expect(quota.held).toEqual({ bytes: 399, memoryBytes: 399 });
  });

  it('reports full memory only when spools hold more than allowed', () => {
    const quota = new SpoolQuota({ maxBytes: 400, maxMemoryBytes: 100 });
    quota.reserve(100, 0);
    expect(quota.isMemoryFull).toBe(false);
    quota.reserve(1, 0);
    expect(quota.isMemoryFull).toBe(true);
    quota.moveToFile(100);
    expect([quota.isMemoryFull, quota.held]).toEqual([false, { bytes: 101, memoryBytes: 1 }]);
    quota.release(101, 1);
    expect(quota.held).toEqual({ bytes: 0, memoryBytes: 0 });
  });
});
