/**
 * Returns the inner product of `b` and `a[start .. start + b.length)`. It keeps four partial sums, because a single sum
 * makes each addition wait for the one before. Fitting and predicting spend most of their time here.
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

/**
 * Returns the inner product of a sparse vector and the part of `a` that begins at `start`. The sparse vector has
 * `values[i]` at index `indexes[i]`, and 0 elsewhere.
 */
export function dotSparse(
  a: Float64Array,
  { indexes, values }: { indexes: ArrayLike<number>; values: ArrayLike<number> },
  start: number,
): number {
  let sum = 0;
  for (let i = 0; i < indexes.length; i += 1) sum += (a[start + (indexes[i] ?? 0)] ?? 0) * (values[i] ?? 0);
  return sum;
}

/** Adds `factor * other` to `target[start .. start + other.length)`, in place. */
export function addScaled(target: Float64Array, other: Float64Array, factor: number, start = 0): void {
  const { length } = other;
  for (let i = 0; i < length; i += 1) {
    target[start + i] = (target[start + i] ?? 0) + factor * (other[i] ?? 0);
  }
}
