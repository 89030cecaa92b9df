import { groupBy } from '../../math/group-by.js';

/** The confidence of a prediction, and whether the predicted label is right. */
export interface CalibrationPoint {
  readonly confidence: number;
  readonly right: boolean;
}

/** Equal intervals of confidence that calibration is judged by. */
export const CONFIDENCE_BINS = 10;

/** Points by the interval that their confidence lies in, counted from 0; the last one includes 1. */
export function binByConfidence(points: readonly CalibrationPoint[]): Map<number, CalibrationPoint[]> {
  return groupBy(points, ({ confidence }) =>
    Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS)),
  );
}

/**
 * The expected calibration error: by how much confidence and the share of right labels differ, on average over
 * ten equal intervals of confidence, each weighted by its examples. 0 is perfect; 0 of nothing.
 */
export function calibrationError(points: readonly CalibrationPoint[]): number {
  let error = 0;
  for (const bin of binByConfidence(points).values()) {
    const gaps = bin.map(({ confidence, right }) => confidence - (right ? 1 : 0));
    error += Math.abs(gaps.reduce((sum, gap) => sum + gap, 0));
  }
  return points.length === 0 ? 0 : error / points.length;
}
