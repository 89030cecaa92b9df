import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Processor seconds, of all threads, in user and in kernel, that the text of /proc/PID/stat tells.
 * @param {string} stat
 * @param {number} ticksPerSecond `getconf CLK_TCK`
 */
export function cpuSecondsOf(stat, ticksPerSecond) {
  // The program's name stands in brackets and may hold spaces and brackets itself: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!Number.isFinite(ticks)) throw new Error('This is no /proc/PID/stat.');
  return ticks / ticksPerSecond;
}

/**
 * The largest resident memory so far, in MB of 10^6 bytes, that the text of /proc/PID/status tells.
 * @param {string} status
 */
export function peakMegabytesOf(status) {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error('This is no /proc/PID/status.');
  return (Number(kib) * 1024) / 1e6;
}

/** @type {number | undefined} */
let ticks;

/** Processor seconds that a running process has used so far. */
export function cpuSeconds(/** @type {number} */ pid) {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'), ticks);
}

/** The largest resident memory that a running process has had, in MB. */
export function peakMegabytes(/** @type {number} */ pid) {
  return peakMegabytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
