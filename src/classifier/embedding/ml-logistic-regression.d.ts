/** Types for the part of the library that is used here. The library has no types. */
declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  interface BinaryClassifier {
    /** Returns, for each row of features, the probability that it does *not* belong to the classifier's class. */
    testScores(features: Matrix): number[];
  }

  export default class LogisticRegression {
    /** Replaces the elements of `model.classifiers` with its own classifiers. */
    static load(model: unknown): LogisticRegression;
    readonly classifiers: readonly BinaryClassifier[];
    predict(features: Matrix): number[];
  }
}
