import { setMaxListeners } from 'node:events';

/**
 * Returns a signal that aborts with the given one or after a time. `AbortSignal.any` may lose timeouts on Node 20.
 * @param {AbortSignal} signal
 * @param {number} ms
 */
export function abortsAfter(signal, ms) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  // The timer must not keep the process alive.
  setTimeout(abort, ms).unref();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  // Hundreds of clients listen to one signal.
  setMaxListeners(0, controller.signal, signal);
  return controller.signal;
}
