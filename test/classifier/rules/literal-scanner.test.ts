import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiteralScanner } from '../../../src/classifier/rules/literal-scanner.js';
import { propertyRuns } from '../../support/property-runs.js';

describe('createLiteralScanner', () => {
  it.each([
    ['one that begins anew within its own beginning', ['aab'], 'aaab', true],
    ['one that ends within another', ['abcd', 'bc'], 'abce', true],
    ['none that a character outside ASCII has cut', ['ab'], 'aáb', false],
    ['none that only looks alike in the lower bits', ['aa', 'ab'], 'aáââ', false],
  ])('finds %s', (_, literals, text, found) => {
    expect(createLiteralScanner(literals)(text)).toBe(found);
  });

  it('finds what String.includes finds, whatever the literals share', () => {
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
