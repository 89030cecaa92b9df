/**
 * The inner product of two vectors of one length. Four sums side by side: a single one would wait for each
 * addition, and fitting spends its time here.
 */
export function dot(a: Float64Array, b: Float64Array): number {
  const { length } = a;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    sum0 += (a[i] ?? 0) * (b[i] ?? 0);
    sum1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    sum2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    sum3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < length; i += 1) sum0 += (a[i] ?? 0) * (b[i] ?? 0);
  return sum0 + sum1 + (sum2 + sum3);
}

/** Adds `factor` times `other` to `target`, in place; both of one length. */
export function addScaled(target: Float64Array, other: Float64Array, factor: number): void {
  const { length } = target;
  for (let i = 0; i < length; i += 1) target[i] = (target[i] ?? 0) + factor * (other[i] ?? 0);
}
