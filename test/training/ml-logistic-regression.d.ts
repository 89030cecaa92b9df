/** The part of the library that the tests compare with; it comes without types. */
declare module 'ml-logistic-regression' {
  import type { Matrix } from 'ml-matrix';

  export default class LogisticRegression {
    static load(model: unknown): LogisticRegression;
    predict(features: Matrix): number[];
  }
}
