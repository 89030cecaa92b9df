import { groupBy } from '../../math/group-by.js';

/** The confidence of a prediction, and whether the predicted label is right. */
export interface CalibrationPoint {
  readonly confidence: number;
  readonly right: boolean;
}

/** The number of equal intervals of confidence in which calibration is measured. */
export const CONFIDENCE_BINS = 10;

/** Groups points by the interval of their confidence, counted from 0. The last interval includes 1. */
export function binByConfidence(points: readonly CalibrationPoint[]): Map<number, CalibrationPoint[]> {
  return groupBy(points, ({ confidence }) =>
    Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS)),
  );
}

/**
 * Returns the expected calibration error (Guo et al. 2017): the difference between mean confidence and share of right
 * labels, averaged over ten equal intervals of confidence. Each interval is weighted by its number of points.
 * @returns 0 (perfect) to 1; 0 without points
 */
export function calibrationError(points: readonly CalibrationPoint[]): number {
  let error = 0;
  for (const bin of binByConfidence(points).values()) {
    const gaps = bin.map(({ confidence, right }) => confidence - (right ? 1 : 0));
    error += Math.abs(gaps.reduce((sum, gap) => sum + gap, 0));
  }
  return points.length === 0 ? 0 : error / points.length;
}
