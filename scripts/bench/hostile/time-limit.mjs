import { setMaxListeners } from 'node:events';

/**
 * A signal that aborts with the given one, or when the time is over. `AbortSignal.any` may lose timeouts on Node 20.
 * @param {AbortSignal} signal
 * @param {number} ms
 */
export function abortsAfter(signal, ms) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  // Whoever waits for the signal keeps the process alive.
  setTimeout(abort, ms).unref();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  // Hundreds of clients listen to one signal.
  setMaxListeners(0, controller.signal, signal);
  return controller.signal;
}
