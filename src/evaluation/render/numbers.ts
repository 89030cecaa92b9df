/** Formats a count with commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** Formats a share as a percentage without decimals. */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Formats a count with at most five characters: 9,999, 12k, 1.2M. */
export function brief(count: number): string {
  if (count < 10_000) return grouped(count);
  if (count < 1_000_000) return `${Math.floor(count / 1000)}k`;
  return `${(Math.floor(count / 100_000) / 10).toFixed(1)}M`;
}
