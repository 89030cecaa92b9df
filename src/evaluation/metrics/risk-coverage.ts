import type { CalibrationPoint } from './calibration-error.js';

/** The effect of a threshold on the lines of the embedding tier. */
export interface RiskPoint {
  /** The threshold: lines with at least this confidence keep their label. */
  readonly confidence: number;
  /** Lines that keep their label. */
  readonly lines: number;
  /** The share of all lines of the tier that keep their label. */
  readonly coverage: number;
  /** The share of wrong labels among the kept ones. */
  readonly risk: number;
}

/** The risk-coverage curve of the embedding tier. */
export interface RiskCoverage {
  /** All lines of the tier. */
  readonly lines: number;
  /** Lines below the head's threshold. Their withheld label is unknown, so the curve ends before them. */
  readonly withheld: number;
  /** The head's threshold. */
  readonly threshold: number;
  /** From the most confident line to all lines that kept their label. At most MAX_POINTS, evenly chosen. */
  readonly curve: readonly RiskPoint[];
  /** The points at the head's threshold and at round thresholds above it. */
  readonly choices: readonly RiskPoint[];
}

const MAX_POINTS = 200;
const ROUND_THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/**
 * Computes the risk-coverage curve.
 * @param points the lines that kept their label
 * @param options.lines the number of all lines of the tier, including those below the threshold
 * @param options.threshold the head's threshold
 */
export function riskCoverage(
  points: readonly CalibrationPoint[],
  { lines, threshold }: { lines: number; threshold: number },
): RiskCoverage {
  const descending = [...points].sort((a, b) => b.confidence - a.confidence);
  const thresholds = [threshold, ...ROUND_THRESHOLDS.filter((round) => round > threshold)];
  return {
    lines,
    withheld: lines - points.length,
    threshold,
    curve: thinned(curveOf(descending, lines)),
    choices: thresholds.flatMap((confidence) => {
      const kept = descending.filter((point) => point.confidence >= confidence);
      const wrong = kept.filter(({ right }) => !right).length;
      return kept.length === 0 ? [] : [toPoint(confidence, kept.length, wrong, lines)];
    }),
  };
}

function curveOf(descending: readonly CalibrationPoint[], lines: number): RiskPoint[] {
  let wrong = 0;
  return descending.flatMap(({ confidence, right }, index) => {
    if (!right) wrong += 1;
    // A threshold cannot separate lines with the same confidence.
    if (descending[index + 1]?.confidence === confidence) return [];
    return [toPoint(confidence, index + 1, wrong, lines)];
  });
}

function toPoint(confidence: number, kept: number, wrong: number, lines: number): RiskPoint {
  return { confidence, lines: kept, coverage: kept / lines, risk: wrong / kept };
}

/** Drops points evenly but always keeps the last one, at which all lines keep their label. */
function thinned(curve: readonly RiskPoint[]): RiskPoint[] {
  const step = Math.ceil(curve.length / MAX_POINTS);
  return curve.filter((_, index) => (curve.length - 1 - index) % step === 0);
}
