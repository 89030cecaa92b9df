/**
 * Preloaded into the server (`node --import`): says, over the channel to the process that started it, how late the
 * event loop of the main thread was. The product itself knows nothing of it.
 *
 * The monitor is a timer of 5 ms that notes the time since it last fired; so the 5 ms are taken off each figure. What
 * is left counts turns, not time: one stall of a second is one sample among some two hundred a second.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 5;

// The server's worker threads get the preload too, and share its channel.
if (isMainThread && process.send) {
  /** @type {ReturnType<typeof monitorEventLoopDelay> | undefined} */
  let monitor;
  process.on('message', (message) => {
    if (message === 'loop-delay:start') {
      // A new one each time: one that is only switched off counts the pause as a delay.
      monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      monitor.enable();
      // What delays its very first tick is not noted: the attack or the load may begin after that one.
      setTimeout(() => process.send?.({}), 4 * RESOLUTION_MS);
    } else if (message === 'loop-delay:stop' && monitor) {
      monitor.disable();
      const ms = (/** @type {number} */ ns) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
      process.send?.({
        count: monitor.count,
        p50: ms(monitor.percentile(50)),
        p99: ms(monitor.percentile(99)),
        max: ms(monitor.max),
      });
    }
  });
  // A bench that was killed must not leave its server behind; one that lives must not keep it from ending.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
