/**
 * The smallest value that at least this share of the values do not exceed (nearest rank); null of none.
 * @param {readonly number[]} values in any order
 * @param {number} share 0 up to 1
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/**
 * Median, 99th percentile, largest and number of values.
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
