import { expect, it } from 'vitest';
import {
  countTemplates,
  decodeTemplates,
  encodeTemplates,
} from '../../../src/classifier/embedding/template-set.js';

const templates = ['disk full', 'disk gone', 'user <num> left', '', 'x'];

it('knows the templates that it was made of, and counts them', () => {
  const text = encodeTemplates(templates);
  const isKnown = decodeTemplates(text);
  expect([...templates, 'disk lost'].map(isKnown)).toEqual([true, true, true, true, true, false]);
  expect(countTemplates(text)).toBe(5);
});

it('is empty for no templates', () => {
  expect(encodeTemplates([])).toBe('');
  expect([countTemplates(''), decodeTemplates('')('x')]).toEqual([0, false]);
});

it('is the same for every order of the templates', () => {
  expect(encodeTemplates(templates.toReversed())).toBe(encodeTemplates(templates));
});
