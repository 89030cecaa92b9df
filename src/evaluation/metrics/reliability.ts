import { binByConfidence, CONFIDENCE_BINS, type CalibrationPoint } from './calibration-error.js';
import { mean, wilsonInterval, type Interval } from './figures.js';

/** The lines whose confidence lies in one interval; the nulls of an interval without lines. */
export interface ReliabilityBin {
  /** The confidences from here... */
  readonly from: number;
  /** ...up to but not including this; the last interval includes 1. */
  readonly to: number;
  readonly lines: number;
  readonly meanConfidence: number | null;
  /** The share of right labels: equal to the mean confidence where that can be taken at its word. */
  readonly accuracy: number | null;
  readonly accuracyInterval: Interval | null;
}

/** Sorts outcomes into ten equal intervals of confidence, the same ones as those of calibrationError. */
export function reliabilityBins(outcomes: readonly CalibrationPoint[]): ReliabilityBin[] {
  const bins = binByConfidence(outcomes);
  return Array.from({ length: CONFIDENCE_BINS }, (_, index) => {
    const [from, to] = [index / CONFIDENCE_BINS, (index + 1) / CONFIDENCE_BINS];
    return { from, to, ...toFigures(bins.get(index) ?? []) };
  });
}

function toFigures(bin: readonly CalibrationPoint[]): Omit<ReliabilityBin, 'from' | 'to'> {
  if (bin.length === 0) return { lines: 0, meanConfidence: null, accuracy: null, accuracyInterval: null };
  const accuracy = mean(bin.map(({ right }) => (right ? 1 : 0)));
  return {
    lines: bin.length,
    meanConfidence: mean(bin.map(({ confidence }) => confidence)),
    accuracy,
    accuracyInterval: wilsonInterval(accuracy, bin.length),
  };
}
