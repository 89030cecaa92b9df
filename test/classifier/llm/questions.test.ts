import { describe, expect, it } from 'vitest';
import { createKeyOf, toBatches, toQuestion } from '../../../src/classifier/llm/questions.js';

const asIs = (message: string) => message;

describe('createKeyOf', () => {
  const item = { source: 'CRM', message: 'a' };

  it('returns equal keys for equal sources and templates', () => {
    const keyOf = createKeyOf('v1', () => 'template');
    expect(keyOf(item)).toBe(keyOf({ source: 'CRM', message: 'b' }));
  });

  it.each([
    ['source', 'v1', { source: 'ERP', message: 'a' }],
    ['template', 'v1', { source: 'CRM', message: 'b' }],
    ['scope', 'v2', item],
    ['border between source and template', 'v1', { source: 'CR', message: 'Ma' }],
  ])('returns another key for another %s', (_, scope, other) => {
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

  // 4,000 characters are read. Masking shortens the text before the cut so much that the cut end would be sent.
  it.each([
    ['token', 'ghp_'.concat('aB3dE5fG7h')],
    ['user with a password', 'https://bob:hunter2'],
    ['number in groups', '4111 1111 1111'],
    ['IBAN in groups', 'DE89 3704 0044 0532 0130'],
    ['phone number', '+49 170 12'],
    ['quoted password', 'password="two wor'],
  ])('sends no part of a %s that the reading limit cuts', (_, start) => {
    const secrets = `password=${'x'.repeat(3_500)} `;
    const filler = 'm '.repeat(2_000).slice(0, 3_999 - secrets.length - start.length);
    const whole = `${secrets}${filler} ${start}9999 9999`;
    const { message } = toQuestion('k', { source: 's', message: whole });
    expect(message.replace(/[m ]+$/, '')).toMatch(/^password=<secret>( m)*( password=<secret>)?$/);
  });

  it.each(['k1 ', 'k12345x ', '1xyz\t'])(
    'drops the cut word of a message over the reading limit, and at most twelve words like %j before it',
    (word) => {
      const secret = `password=${'x'.repeat(3_491)} `;
      const words = Math.floor((4_000 - secret.length) / word.length);
      const { message } = toQuestion('k', { source: 's', message: secret + word.repeat(words + 1) });
      expect(message).toBe(`password=<secret> ${word.repeat(words - 12)}`);
    },
  );

  it('drops nothing of a message within the reading limit', () => {
    const start = `password=${'x'.repeat(3_500)} `;
    const message = `${start}${'m '.repeat(2_000)}`.slice(0, 3_993) + ' last 1';
    expect(message).toHaveLength(4_000);
    expect(toQuestion('k', { source: 's', message }).message).toMatch(/m? last 1$/);
    expect(toQuestion('k', { source: 's', message: `${message}2` }).message).toMatch(/m? last $/);
  });

  it('keeps a long message without white space, except its end', () => {
    const { message } = toQuestion('k', { source: 's', message: '{"a":"b"},'.repeat(1_000) });
    expect(message).toBe('{"a":"b"},'.repeat(100));
  });

  it('keeps source and message of the maximum length', () => {
    const [source, message] = ['s'.repeat(100), 'm'.repeat(1_000)];
    expect(toQuestion('k', { source, message })).toEqual({ key: 'k', source, message });
  });

  it.each([
    ['its own cut', `${'m'.repeat(999)}😀`, `${'m'.repeat(999)}\uFFFD`],
    ['the input', 'a\uD800b😀', 'a\uFFFDb😀'],
  ])('replaces half a character left by %s', (_, message, mended) => {
    expect(toQuestion('k', { source: 's', message }).message).toBe(mended);
  });
});

describe('toBatches', () => {
  const questions = (count: number, chars: number) =>
    Array.from({ length: count }, (_, at) => ({ key: String(at), source: '', message: 'x'.repeat(chars) }));

  it.each([
    ['by number', 5, 10, 2, [2, 2, 1]],
    ['by characters', 25, 1_000, 20, [10, 10, 5]],
    ['no questions into no batches', 0, 0, 20, []],
  ])('splits %s', (_, count, chars, perRequest, sizes) => {
    const batches = toBatches(questions(count, chars), perRequest);
    expect(batches.map((batch) => batch.length)).toEqual(sizes);
    expect(batches.flat()).toEqual(questions(count, chars));
  });

  it('counts the characters of sources too, separately for each request', () => {
    const items = [4_000, 4_000, 3_000, 6_000].map((chars, at) => {
      return { key: String(at), source: 's'.repeat(1_000), message: 'x'.repeat(chars) };
    });
    expect(toBatches(items, 20).map((batch) => batch.map(({ key }) => key).join(''))).toEqual([
      '01',
      '2',
      '3',
    ]);
  });

  it('sends a question that exceeds the limit in a request of its own', () => {
    expect(toBatches(questions(2, 11_000), 20)).toHaveLength(2);
  });
});
