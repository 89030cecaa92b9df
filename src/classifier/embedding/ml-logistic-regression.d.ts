/** The part of the library that is used here; it comes without types. */
declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  interface BinaryClassifier {
    /** For each row of features, the chance that it is *not* of the classifier's class. */
    testScores(features: Matrix): number[];
  }

  export default class LogisticRegression {
    /** Puts its own classifiers in place of those in the model's list. */
    static load(model: unknown): LogisticRegression;
    readonly classifiers: readonly BinaryClassifier[];
    predict(features: Matrix): number[];
  }
}
