import { groupBy } from '../../math/group-by.js';
import { binByConfidence, CONFIDENCE_BINS, type CalibrationPoint } from './calibration-error.js';
import { mean, wilsonInterval, type Interval } from './figures.js';

/** How sure the head was of some lines, and how many it labelled right. The figures are null if there are no lines. */
export interface Reliability {
  readonly lines: number;
  readonly meanConfidence: number | null;
  /** The share of right labels; equal to the mean confidence if the head is well calibrated. */
  readonly accuracy: number | null;
  /** The 95 % interval of the accuracy. */
  readonly accuracyInterval: Interval | null;
}

/** The lines in one interval of confidence. */
export interface ReliabilityBin extends Reliability {
  /** The lower end, inclusive. */
  readonly from: number;
  /** The upper end, exclusive; the last interval includes 1. */
  readonly to: number;
}

/** The lines that were given one label. */
export interface LabelReliability extends Reliability {
  readonly label: string;
}

/**
 * Returns the figures of the points in each of ten equal intervals of confidence, in ascending order. The intervals are
 * those of `calibrationError`.
 */
export function reliabilityBins(points: readonly CalibrationPoint[]): ReliabilityBin[] {
  const bins = binByConfidence(points);
  return Array.from({ length: CONFIDENCE_BINS }, (_, index) => {
    const [from, to] = [index / CONFIDENCE_BINS, (index + 1) / CONFIDENCE_BINS];
    return { from, to, ...toFigures(bins.get(index) ?? []) };
  });
}

/** A point and its label. */
export interface LabelledPoint extends CalibrationPoint {
  /** The predicted label. */
  readonly given: string;
}

/** Returns the figures of the lines that were given each label, the most frequent label first. */
export function reliabilityByLabel(points: readonly LabelledPoint[]): LabelReliability[] {
  return [...groupBy(points, ({ given }) => given)]
    .sort(([a, ofA], [b, ofB]) => ofB.length - ofA.length || (a < b ? -1 : 1))
    .map(([label, ofLabel]) => ({ label, ...toFigures(ofLabel) }));
}

function toFigures(points: readonly CalibrationPoint[]): Reliability {
  if (points.length === 0) return { lines: 0, meanConfidence: null, accuracy: null, accuracyInterval: null };
  const accuracy = mean(points.map(({ right }) => (right ? 1 : 0)));
  return {
    lines: points.length,
    meanConfidence: mean(points.map(({ confidence }) => confidence)),
    accuracy,
    accuracyInterval: wilsonInterval(accuracy, points.length),
  };
}
