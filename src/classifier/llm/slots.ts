/** A limited number of slots for tasks. Tasks without a slot wait in a queue. */
export interface Slots {
  /**
   * Runs the task when a slot is free, and resolves or rejects like the task.
   * @throws the signal's reason when the signal aborts before the task starts
   */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/** Creates `size` slots. At most `size` tasks run at a time. Waiting tasks start in the order of their calls. */
export function createSlots(size: number): Slots {
  let free = size;
  const queue = new Set<() => void>();

  function acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        queue.delete(onSlot);
        reject(signal.reason as Error);
      };
      const onSlot = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      queue.add(onSlot);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  function release(): void {
    const [next] = queue;
    if (next === undefined) {
      free++;
      return;
    }
    // Pass the slot on without freeing it: a new task must not overtake the queue.
    queue.delete(next);
    next();
  }

  return {
    async run(signal, task) {
      await acquire(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
