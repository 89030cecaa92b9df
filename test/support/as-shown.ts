import { expect } from 'vitest';

/** Numbers of the embedding tier depend on the type of processor. */
const TOLERANCE = 0.02;

/**
 * Compares an answer with what a document shows: `…` ends a text that is cut, and fractions may differ a little.
 * @param compareObjects compares two objects, or two lists; it decides which fields count
 */
export function expectAsShown(
  shown: unknown,
  got: unknown,
  compareObjects: (shown: object, got: object) => void,
): void {
  if (typeof shown === 'number' && !Number.isInteger(shown)) {
    expect(Math.abs(Number(got) - shown)).toBeLessThan(TOLERANCE);
  } else if (typeof shown === 'string' && shown.endsWith('…')) {
    expect(String(got).startsWith(shown.slice(0, -1))).toBe(true);
  } else if (typeof shown === 'object' && shown !== null) {
    compareObjects(shown, got as object);
  } else {
    expect(got).toBe(shown);
  }
}
