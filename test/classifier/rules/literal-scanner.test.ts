import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiteralScanner } from '../../../src/classifier/rules/literal-scanner.js';
import { propertyRuns } from '../../support/property-runs.js';

describe('createLiteralScanner', () => {
  it.each([
    ['a literal that starts inside a failed match of itself', [['aab']], 'aaab', [0]],
    ['a literal inside a failed match of another', [['abcd'], ['bc']], 'abce', [1]],
    ['a literal inside another', [['abcd'], ['bc'], ['x', 'cd']], 'abcd', [0, 1, 2]],
    ['all groups of the same literal, in ascending order', [['b'], ['a'], ['b', 'c']], 'bcab', [0, 1, 2]],
    ['no literal that a non-ASCII character interrupts', [['ab']], 'aáb', []],
    ['no literal that equals the text only in the lower bits', [['aa', 'ab']], 'aáââ', []],
    ['nothing without groups', [], 'ab', []],
  ])('finds %s', (_, groups, text, found) => {
    expect(createLiteralScanner(groups)(text)).toEqual(found);
  });

  it('finds the same as String.includes', () => {
    const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b', 'é'), maxLength });
    const group = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 5 }), letters(12), (groups, text) => {
        const expected = [...groups.keys()].filter((index) =>
          groups[index]?.some((literal) => text.includes(literal)),
        );
        expect(createLiteralScanner(groups)(text)).toEqual(expected);
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});
