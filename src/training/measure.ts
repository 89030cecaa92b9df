import type { Measurement } from '../classifier/embedding/measurement.js';
import type { ScoredExample } from './calibration.js';
import {
  C_CANDIDATES,
  chooseC,
  heldOutFigures,
  measurable,
  rounded,
  toCalibrationPoint,
  toPredictions,
  type HeldOutPrediction,
} from './cross-validation.js';
import type { Dataset } from './dataset.js';
import type { Split } from './folds.js';
import { chooseThreshold, chooseUnfamiliar } from './threshold.js';
import { toTrainingFeatures } from './training-features.js';

/** The predictions for the examples of a split, each by a model that was not fitted to the example's fold. */
export interface SplitPredictions {
  /** One prediction for each example, in order. */
  readonly predictions: readonly HeldOutPrediction[];
  /** The names of the labels that the split cannot measure. */
  readonly unmeasurable: ReadonlySet<string>;
}

/** Predicts the scored examples of a split at a temperature. */
export function toSplitPredictions(
  scored: readonly ScoredExample[],
  split: Split,
  { temperature, labels }: { temperature: number; labels: readonly string[] },
): SplitPredictions {
  return {
    predictions: toPredictions(scored, temperature, labels),
    unmeasurable: new Set([...split.unmeasurable].map((label) => labels[label] ?? '')),
  };
}

/** Chooses threshold and treatment of unfamiliar templates from held-out predictions, and computes their figures. */
export function measure(
  { predictions, unmeasurable }: SplitPredictions,
  {
    knownShares,
    ...chosen
  }: Pick<Measurement, 'labels' | 'c' | 'temperature'> & { knownShares: readonly number[] },
): Measurement {
  const points = predictions.flatMap((prediction, index) =>
    measurable(prediction, unmeasurable)
      ? [{ ...toCalibrationPoint(prediction), knownShare: knownShares[index] ?? 1 }]
      : [],
  );
  const { threshold, coverage, accuracy } = chooseThreshold(points);
  return {
    ...chosen,
    threshold,
    unfamiliar: chooseUnfamiliar(points),
    figures: heldOutFigures(predictions, unmeasurable),
    atThreshold: { coverage: rounded(coverage), accuracy: rounded(accuracy) },
  };
}

/**
 * Measures the recipe that tuned an encoder. Each fold is labelled by a head on an encoder that has not seen the families of the
 * fold.
 * @param embeddingsOf returns the embeddings of all examples, in order, by the encoder that was tuned without the fold
 * @param onFit called after each fit
 */
export function measureTuning(
  dataset: Dataset,
  split: Split,
  {
    dimension,
    embeddingsOf,
    onFit,
  }: {
    dimension: number;
    embeddingsOf: (fold: number) => readonly Float32Array[];
    onFit: () => void;
  },
): Measurement {
  const featuresOf = (fold: number) => toTrainingFeatures(dataset, embeddingsOf(fold), dimension);
  const { size, knownShares } = featuresOf(0);
  const samplesOf = (fold: number) => featuresOf(fold).samples;
  const { c, temperature, scored } = chooseC(samplesOf, split, { ...size, cs: C_CANDIDATES }, onFit);
  const labels = [...dataset.labels];
  return measure(toSplitPredictions(scored, split, { temperature, labels }), {
    labels,
    c,
    temperature,
    knownShares,
  });
}
