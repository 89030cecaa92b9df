import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiteralScanner } from '../../../src/classifier/rules/literal-scanner.js';
import { propertyRuns } from '../../support/property-runs.js';

describe('createLiteralScanner', () => {
  it.each([
    ['a literal that starts inside a failed match of itself', ['aab'], 'aaab', true],
    ['a literal inside a failed match of another', ['abcd', 'bc'], 'abce', true],
    ['no literal that a non-ASCII character interrupts', ['ab'], 'aáb', false],
    ['no literal that equals the text only in the lower bits', ['aa', 'ab'], 'aáââ', false],
  ])('finds %s', (_, literals, text, found) => {
    expect(createLiteralScanner(literals)(text)).toBe(found);
  });

  it('finds the same as String.includes', () => {
    const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength });
    const literals = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(literals, letters(12), (some, text) => {
        expect(createLiteralScanner(some)(text)).toBe(some.some((literal) => text.includes(literal)));
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});
