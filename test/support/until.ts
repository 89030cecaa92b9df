/** Far longer than anything here takes, however busy the machine: whoever waits so long waits for nothing. */
const GIVE_UP_AFTER_MS = 50_000;

/**
 * Resolves when the condition holds, looking again whenever the event loop has turned.
 * @throws Error that names the condition, when it has not come true in 50 seconds
 */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`It never came true: ${condition.toString()}`);
    await new Promise(setImmediate);
  }
}
