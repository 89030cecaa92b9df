import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Returns the processor seconds of all threads, in user and kernel mode, from the text of /proc/PID/stat.
 * @param {string} stat
 * @param {number} ticksPerSecond `getconf CLK_TCK`
 */
export function cpuSecondsOf(stat, ticksPerSecond) {
  // The program's name is in parentheses and may contain spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!Number.isFinite(ticks)) throw new Error('This is not the text of /proc/PID/stat.');
  return ticks / ticksPerSecond;
}

/**
 * Returns the peak resident memory in MB (10^6 bytes) from the text of /proc/PID/status.
 * @param {string} status
 */
export function peakMegabytesOf(status) {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error('This is not the text of /proc/PID/status.');
  return (Number(kib) * 1024) / 1e6;
}

/** @type {number | undefined} */
let ticks;

/** Returns the processor seconds that a running process has used. */
export function cpuSeconds(/** @type {number} */ pid) {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return cpuSecondsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'), ticks);
}

/** Returns the peak resident memory of a running process in MB. */
export function peakMegabytes(/** @type {number} */ pid) {
  return peakMegabytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
