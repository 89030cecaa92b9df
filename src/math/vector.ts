/**
 * The inner product of `b` with as many numbers of `a`, from `start` on. Four sums side by side: a single one
 * would wait for each addition, and fitting and predicting spend their time here.
 */
export function dot(a: Float64Array, b: Float64Array | Float32Array, start = 0): number {
  const { length } = b;
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const at = start + i;
    sum0 += (a[at] ?? 0) * (b[i] ?? 0);
    sum1 += (a[at + 1] ?? 0) * (b[i + 1] ?? 0);
    sum2 += (a[at + 2] ?? 0) * (b[i + 2] ?? 0);
    sum3 += (a[at + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < length; i += 1) sum0 += (a[start + i] ?? 0) * (b[i] ?? 0);
  return sum0 + sum1 + (sum2 + sum3);
}

/** The inner product of a sparse vector, `values` at `places`, with the numbers of `a` from `start` on. */
export function dotSparse(
  a: Float64Array,
  { places, values }: { places: ArrayLike<number>; values: ArrayLike<number> },
  start: number,
): number {
  let sum = 0;
  for (let i = 0; i < places.length; i += 1) sum += (a[start + (places[i] ?? 0)] ?? 0) * (values[i] ?? 0);
  return sum;
}

/** Adds `factor` times `other` to as many numbers of `target`, from `start` on, in place. */
export function addScaled(target: Float64Array, other: Float64Array, factor: number, start = 0): void {
  const { length } = other;
  for (let i = 0; i < length; i += 1) {
    target[start + i] = (target[start + i] ?? 0) + factor * (other[i] ?? 0);
  }
}
