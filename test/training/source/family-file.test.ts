import { describe, expect, it } from 'vitest';
import { parseFamily } from '../../../src/training/source/family-file.js';

const labels = new Set(['Error', 'User Action']);
const parse = (...lines: string[]) => parseFamily(lines.join('\n'), 'x.txt', labels);

describe('parseFamily', () => {
  it('gives each message the last source and label before it', () => {
    const lines = parse(
      '# a comment',
      'source: A',
      '[Error]',
      'it failed',
      '',
      '[User Action]',
      'it was done',
      'source: B',
      'again',
    );
    expect(lines).toEqual([
      { source: 'A', label: 'Error', pattern: 'it failed', line: 4 },
      { source: 'A', label: 'User Action', pattern: 'it was done', line: 7 },
      { source: 'B', label: 'User Action', pattern: 'again', line: 9 },
    ]);
  });

  it('reads a message that begins with a bracket as a message', () => {
    expect(parse('source: A', '[Error]', '[core 3] failed')).toMatchObject([{ pattern: '[core 3] failed' }]);
  });

  it.each([
    [['[Error]', 'it failed'], /x\.txt:2: .* no "source: Name" before it/],
    [['source: A', 'it failed'], /x\.txt:2: .* no \[Label\] .* before it/],
    [['source: A', '[Error]', 'it failed', '[User Actoin]', 'x'], /x\.txt:4: \[User Actoin\] is not a label/],
  ])('rejects %j and names the line', (lines, message) => {
    expect(() => parse(...lines)).toThrow(message);
  });
});
