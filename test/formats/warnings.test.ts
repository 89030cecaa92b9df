import { expect, it } from 'vitest';
import { warningsOf } from '../../src/formats/warnings.js';

it('a warning says in a sentence what was counted', () => {
  const warnings = warningsOf({ 'rows-skipped': 1, 'blank-lines': 1200, 'encoding-guessed': 'shift_jis' });
  expect(warnings).toEqual([
    {
      code: 'blank-lines',
      count: 1200,
      message: 'The server skipped 1,200 blank lines.',
    },
    { code: 'rows-skipped', count: 1, message: 'The answer leaves out 1 record that could not be read.' },
    {
      code: 'encoding-guessed',
      count: 1,
      value: 'shift_jis',
      message:
        'The input does not state its encoding. It was read as shift_jis. If letters look wrong, set the parameter encoding.',
    },
  ]);
});

it('nothing counted is no warning', () => {
  expect(warningsOf({ 'rows-skipped': 0 })).toEqual([]);
});
