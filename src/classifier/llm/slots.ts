/** A bounded number of places for tasks; who finds none waits in line. */
export interface Slots {
  /** Runs the task when there is a place. Rejects with the signal's reason if that aborts while it waits in line. */
  run<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T>;
}

/** Lets at most `size` tasks run at a time, first come, first served. */
export function createSlots(size: number): Slots {
  let free = size;
  const line = new Set<() => void>();

  function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        line.delete(onTurn);
        reject(signal.reason as Error);
      };
      const onTurn = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      line.add(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  function leave(): void {
    const [next] = line;
    if (next === undefined) {
      free++;
      return;
    }
    // The place passes from hand to hand, so that no newcomer slips in between.
    line.delete(next);
    next();
  }

  return {
    async run(signal, task) {
      await enter(signal);
      try {
        return await task();
      } finally {
        leave();
      }
    },
  };
}
