import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { percentile, summary } from '../../scripts/bench/percentile.mjs';
import { cpuSecondsOf, peakMegabytesOf } from '../../scripts/bench/proc.mjs';

describe('percentile', () => {
  it.each([
    [0.5, 50],
    [0.99, 99],
    [0.991, 100],
    [1, 100],
    [0, 1],
  ])('gives the smallest value that a share of %d does not exceed', (share, expected) => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, share)).toBe(expected);
  });

  it('sorts numbers by value, not as text', () => {
    expect(summary([10, 9, 100])).toEqual({ count: 3, p50: 10, p99: 100, max: 100 });
  });

  it('is null for an empty list', () => {
    expect(summary([])).toEqual({ count: 0, p50: null, p99: null, max: null });
  });
});

describe('figures from /proc', () => {
  it('include the processor time if the process name has brackets and spaces', () => {
    const stat = '41 (node) 7 (x) S 1 41 41 0 -1 4194304 9000 0 3 0 1250 75 0 0 20 0 11 0 8000 99 88';
    expect(cpuSecondsOf(stat, 100)).toBe(13.25);
    expect(() => cpuSecondsOf('nothing', 100)).toThrow('not the text of /proc/PID/stat');
  });

  it('include the peak resident memory', () => {
    expect(peakMegabytesOf('Name:\tnode\nVmHWM:\t  500000 kB\nVmRSS:\t  100 kB\n')).toBe(512);
    expect(() => peakMegabytesOf('Name:\tnode\n')).toThrow('not the text of /proc/PID/status');
  });

  it.runIf(process.platform === 'linux')('reads as the kernel writes it', () => {
    expect(cpuSecondsOf(readFileSync('/proc/self/stat', 'utf8'), 100)).toBeGreaterThan(0);
    expect(peakMegabytesOf(readFileSync('/proc/self/status', 'utf8'))).toBeGreaterThan(10);
  });
});
