import { describe, expect, it } from 'vitest';
import { chooseThreshold, chooseUnfamiliar } from '../../src/training/threshold.js';

it('withholds at most one label in twenty', () => {
  const points = Array.from({ length: 100 }, (_, index) => {
    return { confidence: 0.2 + index * 0.005, right: index >= 50 };
  });
  const chosen = chooseThreshold(points);
  expect(chosen.threshold).toBeCloseTo(0.225, 6);
  expect(chosen.coverage).toBe(0.95);
  expect(chosen.accuracy).toBeCloseTo(50 / 95);
});

it('withholds labels while at least three are wrong for two that are right', () => {
  // One of the three least confident labels is right, and two of the four least confident.
  const right = [false, false, true, true, true, ...new Array<boolean>(95).fill(true)];
  const points = right.map((right, index) => ({ confidence: 0.2 + index * 0.008, right }));
  const chosen = chooseThreshold(points);
  expect(chosen.threshold).toBeCloseTo(0.224, 6);
  expect(chosen.coverage).toBe(0.97);
});

it('withholds no label that is more likely right than wrong', () => {
  const points = Array.from({ length: 50 }, () => ({ confidence: 0.99, right: true }));
  expect(chooseThreshold(points)).toEqual({ threshold: 0.5, coverage: 1, accuracy: 1 });
});

describe('chooseUnfamiliar', () => {
  const unknown = (confidence: number, right: boolean) => ({ confidence, right, knownShare: 0.2 });

  it('asks for the confidence from which on nine in ten labels of unfamiliar templates are right', () => {
    // Above 0.6 all are right, below it none.
    const points = Array.from({ length: 100 }, (_, index) => unknown(index / 100, index >= 60));
    // 40 right labels and 4 wrong ones.
    expect(chooseUnfamiliar(points)).toEqual({ knownShare: 0.65, confidence: 0.56 });
  });

  it('does not look at templates of known words', () => {
    const points = Array.from({ length: 100 }, (_, index) => unknown(index / 100, index >= 60));
    const known = Array.from({ length: 500 }, () => ({ confidence: 0.95, right: false, knownShare: 0.8 }));
    expect(chooseUnfamiliar([...points, ...known])).toEqual({ knownShare: 0.65, confidence: 0.56 });
  });

  it('asks for 0.9 if there are few unfamiliar templates', () => {
    expect(chooseUnfamiliar([unknown(0.3, true)])).toEqual({ knownShare: 0.65, confidence: 0.9 });
  });
});
