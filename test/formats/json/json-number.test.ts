import { expect, it } from 'vitest';
import {
  firstNumberState,
  isCompleteNumber,
  nextNumberState,
  type NumberState,
} from '../../../src/formats/json/json-number.js';

/** Whether the text is read as a complete number, character by character. */
function isRead(text: string): boolean {
  let state: NumberState | undefined = firstNumberState(text.charCodeAt(0));
  for (let at = 1; state !== undefined && at < text.length; at++) {
    state = nextNumberState(state, text.charCodeAt(at));
  }
  return state !== undefined && isCompleteNumber(state);
}

function isNumber(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'number';
  } catch {
    return false;
  }
}

/** Yields all texts of `length` of these characters. In ASCII, / and : are next to the digits. */
function* texts(length: number): Generator<string> {
  if (length === 0) yield '';
  else for (const start of texts(length - 1)) for (const char of '-+019.eE/:') yield start + char;
}

it.each([1, 2, 3, 4])(
  'of all texts of %i characters, accepts those that JSON.parse accepts as numbers',
  (length) => {
    const wrong = [...texts(length)].filter((text) => isRead(text) !== isNumber(text));
    expect(wrong).toEqual([]);
  },
);

it.each(['-10.25e+10', '123.0456E-7', '0e000', '9e99'])('%s is a number', (text) => {
  expect(isRead(text)).toBe(true);
});

it.each(['1.e5', '1.2.3', '1e5e5', '1e5.2', '1e+-5', '1.5e', '-0012'])('%s is not a number', (text) => {
  expect(isRead(text)).toBe(false);
});
