import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/math/random.js';
import { expandPattern } from '../../../src/training/source/pattern.js';

const expand = (pattern: string) => expandPattern(pattern, seededRandom(1));

describe('expandPattern', () => {
  it.each([
    ['nothing to fill', ['nothing to fill']],
    ['{a|b} and {c|d}', ['a and c', 'b and c', 'a and d', 'b and d']],
    ['{{"a": 1}}', ['{"a": 1}']],
    ['{a|}x', ['ax', 'x']],
  ])('expands %j', (pattern, messages) => {
    expect(expand(pattern)).toEqual(messages);
  });

  it('makes at most six messages', () => {
    expect(new Set(expand('{a|b|c|d} {1|2|3}')).size).toBe(6);
  });

  it('fills placeholders with the same values every time', () => {
    const [message = ''] = expand('{ip}:{port} {user} {pct} {uuid}');
    expect(message).toMatch(/^\d+\.\d+\.\d+\.\d+:\d{5} \S+ \d+% [0-9a-f]{8}-/);
    expect(expand('{ip}:{port} {user} {pct} {uuid}')).toEqual([message]);
  });

  it.each([
    ['{what}', /\{what\} is not a placeholder/],
    ['{constructor}', /\{constructor\} is not a placeholder/],
    ['{__proto__}', /\{__proto__\} is not a placeholder/],
    ['a { b', /brace/],
    ['a } b', /brace/],
  ])('rejects %j', (pattern, message) => {
    expect(() => expand(pattern)).toThrow(message);
  });
});
