import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { requiredLiterals } from '../../../src/classifier/rules/required-literals.js';
import { propertyRuns } from '../../support/property-runs.js';

/** A pattern, and a text that it matches. */
interface Case {
  pattern: string;
  text: string;
}

const word = fc.stringMatching(/^[a-dxA-D ]{1,5}$/);
const leaf = fc.oneof(
  { weight: 5, arbitrary: word.map((text): Case => ({ pattern: text, text })) },
  fc.constantFrom<Case>(
    { pattern: '\\d', text: '7' },
    { pattern: '.', text: 'q' },
    { pattern: '[^\\]a-c]', text: 'z' },
    { pattern: '[]a]', text: ']' },
    { pattern: '[[:digit:]x]', text: '4' },
    { pattern: '\\(', text: '(' },
    { pattern: '\\n', text: '\n' },
    { pattern: 'é', text: 'é' },
    { pattern: '{', text: '{' },
    { pattern: '\\b', text: '' },
  ),
);
const { pattern: cases } = fc.letrec<{ pattern: Case }>((tie) => {
  const group = tie('pattern').map(({ pattern, text }): Case => ({ pattern: `(${pattern})`, text }));
  const atom = fc.oneof({ weight: 3, arbitrary: leaf }, group);
  const repeated = fc
    .tuple(atom, fc.constantFrom('?', '*', '+', '{0,2}', '{1}', '{2}', '{1,}', '*?'), fc.nat(2))
    .map(([{ pattern, text }, quantifier, times]): Case => {
      const least = /\+|\{1/.test(quantifier) ? 1 : quantifier === '{2}' ? 2 : 0;
      const most = quantifier === '?' || quantifier === '{1}' ? 1 : 2;
      return {
        pattern: `(?:${pattern})${quantifier}`,
        text: text.repeat(Math.max(least, Math.min(most, times))),
      };
    });
  const sequence = fc
    .array(fc.oneof({ weight: 3, arbitrary: atom }, repeated), { minLength: 1, maxLength: 4 })
    .map((parts): Case => {
      return {
        pattern: parts.map(({ pattern }) => pattern).join(''),
        text: parts.map(({ text }) => text).join(''),
      };
    });
  const either = fc
    .tuple(sequence, sequence, fc.boolean())
    .map(([a, b, first]): Case => ({ pattern: `${a.pattern}|${b.pattern}`, text: first ? a.text : b.text }));
  return { pattern: fc.oneof({ depthSize: 'small' }, sequence, either) };
});

describe('requiredLiterals', () => {
  it.each([
    ['User User\\d+ logged (in|out).', ['User User']],
    ['(failed|refused) login', ['failed', 'refused']],
    ['Backup (started|ended) at .*', ['Backup ']],
    ['a+bcd', ['bcd']],
    ['ab{0,2}cde', ['cde']],
    ['(?:kernel|Kernel) (?P<what>panic)?', ['kernel', 'Kernel']],
    ['\\bI/O error, dev [a-z]+', ['I/O error, dev ']],
    ['x(long literal)*yes', ['yes']],
    ['abc', ['abc']],
    ['ab\\.cd\\(e\\)', ['ab.cd(e)']],
    ['one\\ttwo\\n', ['one\ttwo\n']],
    ['disk{full} {2,x}', ['disk{full} {2,x}']],
    ['diskk+full', ['diskk']],
    ['diskk+?full', ['diskk']],
    ['disks?', ['disk']],
    ['diskx{0}', ['disk']],
    ['disk{10}', ['disk']],
    ['discs{2}full', ['discs']],
    ['ab(cde){2,}', ['cde']],
    ['ab(cde){0,2}fgh', ['fgh']],
    ['[ab]{1}disk{1}', ['disk']],
    ['ab{0}long enough', ['long enough']],
    ['(?:one|three)(?<name>four)', ['four']],
    ['abc(?:defg|hi)', ['abc']],
    ['[^]a]disk[\\]]', ['disk']],
    ['[]]disk]', ['disk]']],
    ['[[:alpha:]x]disk[[:^alpha:]]', ['disk']],
    ['[a\\]b]disk', ['disk']],
    ['disk.full', ['disk']],
    ['^disk$', ['disk']],
    ['Größe voll', ['e voll']],
    ['one|two|three', ['one', 'two', 'three']],
  ])('%s', (pattern, literals) => {
    expect(requiredLiterals(pattern)).toEqual(literals);
  });

  it.each([
    '(?i)disk full',
    'a\\Q.\\Eb literal',
    '\\p{L}disk full',
    'disk full|\\d+',
    '(disk full)?',
    'ab',
    '',
    'disk full|',
    'disk full|ab',
    'disk full)',
    '(disk full',
    'disk full[a',
    '[a\\]disk full',
    'disk full\\',
    'disk full\\x41',
    'disk full\\_',
    'disk full\\é',
    '(?P<n disk full)',
    '(?x:disk full)',
    'disk(?=full)',
    '...',
  ])('returns undefined for %j', (pattern) => {
    expect(requiredLiterals(pattern)).toBeUndefined();
  });

  it('returns a literal that the matching text contains', () => {
    const numRuns = propertyRuns(1_000);
    let answers = 0;
    fc.assert(
      fc.property(cases, ({ pattern, text }) => {
        fc.pre(RE2JS.compile(pattern).test(text));
        const literals = requiredLiterals(pattern);
        if (literals) answers += 1;
        expect(literals?.some((literal) => text.includes(literal)) ?? true).toBe(true);
      }),
      { numRuns },
    );
    expect(answers).toBeGreaterThan(numRuns / 10);
  });
});
