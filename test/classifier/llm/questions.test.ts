import { describe, expect, it } from 'vitest';
import { createKeyOf, toBatches, toQuestion } from '../../../src/classifier/llm/questions.js';

const asIs = (message: string) => message;

describe('createKeyOf', () => {
  const item = { source: 'CRM', message: 'a' };

  it('gives equal keys to equal sources and templates', () => {
    const keyOf = createKeyOf('v1', () => 'template');
    expect(keyOf(item)).toBe(keyOf({ source: 'CRM', message: 'b' }));
  });

  it.each([
    ['source', 'v1', { source: 'ERP', message: 'a' }],
    ['template', 'v1', { source: 'CRM', message: 'b' }],
    ['scope', 'v2', item],
    ['place of the border between source and template', 'v1', { source: 'CR', message: 'Ma' }],
  ])('gives another key for another %s', (_, scope, other) => {
    expect(createKeyOf(scope, asIs)(other)).not.toBe(createKeyOf('v1', asIs)(item));
  });
});

describe('toQuestion', () => {
  it('clips long messages and sources', () => {
    const { source, message } = toQuestion('k', { source: 's'.repeat(500), message: 'm '.repeat(5_000) });
    expect([source.length, message.length]).toEqual([100, 1_000]);
  });

  it('masks a secret that the clipping would have cut', () => {
    const { message } = toQuestion('k', { source: 's', message: `${'m '.repeat(495)}AKIAIOSFODNN7EXAMPLE` });
    expect(message).not.toContain('AKIA');
  });

  it.each([
    ['its own cut', `${'m'.repeat(999)}😀`, `${'m'.repeat(999)}\uFFFD`],
    ['the input', 'a\uD800b😀', 'a\uFFFDb😀'],
  ])('mends half a character left by %s', (_, message, mended) => {
    expect(toQuestion('k', { source: 's', message }).message).toBe(mended);
  });
});

describe('toBatches', () => {
  const questions = (count: number, chars: number) =>
    Array.from({ length: count }, (_, at) => ({ key: String(at), source: '', message: 'x'.repeat(chars) }));

  it.each([
    ['by number', 5, 10, 2, [2, 2, 1]],
    ['by characters', 25, 1_000, 20, [10, 10, 5]],
    ['not at all when there is nothing', 0, 0, 20, []],
  ])('splits %s', (_, count, chars, perRequest, sizes) => {
    const batches = toBatches(questions(count, chars), perRequest);
    expect(batches.map((batch) => batch.length)).toEqual(sizes);
    expect(batches.flat()).toEqual(questions(count, chars));
  });
});
