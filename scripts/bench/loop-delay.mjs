/**
 * Preloaded into the server with `node --import`. Measures the event loop delay of the main thread and sends it to the
 * parent process over IPC. The product's code is unchanged.
 *
 * The monitor is a timer of 5 ms that records the time since it last fired. Therefore 5 ms are subtracted from each
 * figure. Percentiles count samples, not time: a stall of one second is one of about two hundred samples per second.
 *
 * A second timer measures how long the loop was blocked: its delay without the time in which the thread was ready but had to
 * wait for a processor, which other processes used.
 */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;

/** Returns the milliseconds that the main thread has waited for a processor so far (Linux, /proc/PID/task/TID/schedstat). */
function waitedMs() {
  const stat = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1');
  return Number(stat.split(' ')[1]) / 1e6;
}

/** Measures until `stop`, which returns the longest time that the loop was blocked, in ms. */
function measureBlocked() {
  let last = { at: performance.now(), waited: waitedMs() };
  let longest = 0;
  const timer = setInterval(() => {
    const now = { at: performance.now(), waited: waitedMs() };
    longest = Math.max(longest, now.at - last.at - RESOLUTION_MS - (now.waited - last.waited));
    last = now;
  }, RESOLUTION_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      return longest;
    },
  };
}

// Worker threads are preloaded, too, and share the IPC channel.
if (isMainThread && process.send) {
  /** @type {ReturnType<typeof monitorEventLoopDelay> | undefined} */
  let monitor;
  /** @type {ReturnType<typeof measureBlocked> | undefined} */
  let blocked;
  process.on('message', (message) => {
    if (message === 'loop-delay:start') {
      // Create a new monitor each time: a disabled monitor counts the pause as a delay.
      monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      monitor.enable();
      blocked = measureBlocked();
      // The monitor does not record a delay of its first tick, so the load may only begin after that tick.
      setTimeout(() => process.send?.({}), 4 * RESOLUTION_MS);
    } else if (message === 'loop-delay:stop' && monitor) {
      monitor.disable();
      const ms = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
      process.send?.({
        count: monitor.count,
        p50: ms(monitor.percentile(50)),
        p99: ms(monitor.percentile(99)),
        max: ms(monitor.max),
        blocked: blocked?.stop() ?? 0,
      });
    }
  });
  // End with the bench, also if it was killed. `unref`: the channel must not keep the server alive.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
