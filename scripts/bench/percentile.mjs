/**
 * Returns a percentile by the nearest-rank method; null without values.
 * @param {readonly number[]} values in any order
 * @param {number} share from 0 to 1
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/**
 * Returns count, median, 99th percentile and maximum of the values.
 * @param {readonly number[]} values
 */
export function summary(values) {
  return {
    count: values.length,
    p50: percentile(values, 0.5),
    p99: percentile(values, 0.99),
    max: percentile(values, 1),
  };
}

/** @typedef {ReturnType<typeof summary>} Summary */
