import type { CalibrationPoint } from './calibration-error.js';

/** What would be so if lines kept their label from this confidence on. */
export interface RiskPoint {
  readonly confidence: number;
  /** Lines that keep their label. */
  readonly lines: number;
  /** Their share of all lines of the tier. */
  readonly coverage: number;
  /** The share of wrong labels among them. */
  readonly risk: number;
}

/** How many labels could be had from the embedding tier, and how many of them would be wrong. */
export interface RiskCoverage {
  /** All lines of the tier. */
  readonly lines: number;
  /** Of those, the ones under the head's threshold: their label is not known, so that the curve ends before them. */
  readonly withheld: number;
  /** The head's threshold. */
  readonly threshold: number;
  /** From the most confident lines on to all that kept their label; at most MAX_POINTS, evenly chosen. */
  readonly curve: readonly RiskPoint[];
  /** At the head's threshold and at round numbers above it. */
  readonly choices: readonly RiskPoint[];
}

const MAX_POINTS = 200;
const ROUND_THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/**
 * The risk-coverage curve.
 * @param outcomes of the lines that kept their label
 * @param options.lines all lines of the tier, those under the threshold included
 */
export function riskCoverage(
  outcomes: readonly CalibrationPoint[],
  { lines, threshold }: { lines: number; threshold: number },
): RiskCoverage {
  const falling = [...outcomes].sort((a, b) => b.confidence - a.confidence);
  const thresholds = [threshold, ...ROUND_THRESHOLDS.filter((round) => round > threshold)];
  return {
    lines,
    withheld: lines - outcomes.length,
    threshold,
    curve: thinned(curveOf(falling, lines)),
    choices: thresholds.flatMap((confidence) => {
      const kept = falling.filter((outcome) => outcome.confidence >= confidence);
      const wrong = kept.filter(({ right }) => !right).length;
      return kept.length === 0 ? [] : [toPoint(confidence, kept.length, wrong, lines)];
    }),
  };
}

function curveOf(falling: readonly CalibrationPoint[], lines: number): RiskPoint[] {
  let wrong = 0;
  return falling.flatMap(({ confidence, right }, index) => {
    if (!right) wrong += 1;
    // No threshold parts lines of one confidence.
    if (falling[index + 1]?.confidence === confidence) return [];
    return [toPoint(confidence, index + 1, wrong, lines)];
  });
}

function toPoint(confidence: number, kept: number, wrong: number, lines: number): RiskPoint {
  return { confidence, lines: kept, coverage: kept / lines, risk: wrong / kept };
}

/** The last point, where all that kept their label are in, is always among them. */
function thinned(points: readonly RiskPoint[]): RiskPoint[] {
  const step = Math.ceil(points.length / MAX_POINTS);
  return points.filter((_, index) => (points.length - 1 - index) % step === 0);
}
