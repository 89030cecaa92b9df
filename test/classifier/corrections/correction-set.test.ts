import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CorrectionSet, NO_CORRECTIONS } from '../../../src/classifier/corrections/correction-set.js';
import type { NewCorrection } from '../../../src/classifier/corrections/correction.js';
import { firstWord } from '../../../src/classifier/corrections/first-word.js';
import { maskVariableParts, toTemplate } from '../../../src/classifier/template/template.js';
import { correctionOf, correctionSet } from '../../support/corrections.js';
import { propertyRuns } from '../../support/property-runs.js';

const LABELS = new Set(['Error', 'User Action', 'Right']);

function setOf(...corrections: NewCorrection[]): CorrectionSet {
  return new CorrectionSet(corrections.map(correctionOf), LABELS);
}

/** The label of a message; undefined if it is not corrected. */
function labelIn(set: CorrectionSet, message: string, source = 'A'): string | undefined {
  return set.find({ source, message })?.classification.label;
}

describe('CorrectionSet', () => {
  it('finds all messages of a corrected template, however they are wrapped', () => {
    const set = setOf({ message: 'User 7 left', label: 'User Action' });
    for (const message of [
      'User 4711 left',
      '  User 1 left ',
      '{"level":30,"msg":"User 99 left"}',
      '2026-11-26T05:00:00Z INFO User 3 left',
    ])
      expect([message, labelIn(set, message)]).toEqual([message, 'User Action']);
    expect(labelIn(set, 'User 7 right')).toBeUndefined();
  });

  it('shows the correction and a classification of tier corrected with confidence 1', () => {
    const found = setOf({ message: 'abc', label: 'Error' }).find({ source: '', message: 'abc' });
    expect(found?.correction.id).toBe('abc');
    expect(found?.classification).toEqual({ label: 'Error', tier: 'corrected', confidence: 1 });
  });

  it.each([
    ['<num> of 5 done', '17 of 9 done'],
    ['10.0.0.1 is up', '10.0.0.9 is up'],
    ['Überlauf in 3', 'Überlauf in 4'],
    ['-1 returned', '-1 returned'],
    [`x${' y'.repeat(4000)}`, `x${' y'.repeat(4000)}`],
    [`${' '.repeat(5000)}late`, `${' '.repeat(5000)}late`],
  ])('finds templates that begin with anything: %#', (message, same) => {
    expect(labelIn(setOf({ message, label: 'Error' }), same)).toBe('Error');
  });

  it('prefers the correction for the source, ignoring case and surrounding white space', () => {
    const message = 'job done';
    const set = setOf({ message, label: 'Error', source: ' Billing' }, { message, label: 'Right' });
    expect(labelIn(set, message, 'BILLING ')).toBe('Error');
    expect(labelIn(set, message, 'Other')).toBe('Right');
    expect(labelIn(setOf({ message, label: 'Error', source: 'Billing' }), message, 'Other')).toBeUndefined();
  });

  it('has the later one of two corrections of the same template and source', () => {
    const given = ['Error', 'Right'].map((label) => correctionOf({ message: 'job done', label }));
    const set = new CorrectionSet(given, LABELS);
    expect(labelIn(set, 'job done')).toBe('Right');
    expect(given.map((correction) => set.isActing(correction))).toEqual([false, true]);
  });

  it('leaves out corrections whose label lines cannot get', () => {
    const gone = correctionOf({ message: 'abc', label: 'Gone' });
    const set = new CorrectionSet([gone], LABELS);
    expect(labelIn(set, 'abc')).toBeUndefined();
    expect(set.isActing(gone)).toBe(false);
    expect(set.revision).toBeUndefined();
  });

  it('has a revision that depends on templates, sources and labels, not on their order', () => {
    const [a, b] = [
      { message: 'a 1', label: 'Error' },
      { message: 'b', label: 'Error', source: 'B' },
    ];
    const { revision } = setOf(a, b);
    expect(revision).toMatch(/^[0-9a-f]{16}$/);
    expect(setOf(b, { ...a, message: 'a 2' }).revision).toBe(revision);
    const others = [setOf(a), setOf(a, { ...b, label: 'Right' }), setOf(a, { ...b, source: 'C' })];
    expect(new Set([revision, ...others.map((other) => other.revision)]).size).toBe(4);
    expect(NO_CORRECTIONS.revision).toBeUndefined();
  });

  const text = fc.array(
    fc.oneof(
      fc.constantFrom(
        'status 200',
        '0 errors',
        '5 %',
        'a@b.c',
        'Nov 5',
        'db1.lan',
        'fe80:0:0:0:0:0:0:1',
        '0xff',
      ),
      fc.constantFrom(
        '-5',
        '<4>',
        '{"msg":"x 1"}',
        'a=1',
        ' ',
        '\u00a0',
        '\t',
        ':',
        'é',
        '🙂',
        'deadbeef0',
        'x.y@z',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 6 },
  );

  it('finds exactly the messages with a corrected template', () => {
    fc.assert(
      fc.property(text, text, (given, other) => {
        const [corrected, message] = [given.join(''), other.join('')];
        fc.pre(toTemplate(corrected) !== '');
        const set = correctionSet(corrected);
        expect(labelIn(set, corrected)).toBe('Right');
        expect(labelIn(set, message) !== undefined).toBe(toTemplate(message) === toTemplate(corrected));
      }),
      { numRuns: propertyRuns(1000) },
    );
  });

  it('relies on a template that keeps the first word, unless a placeholder replaces it', () => {
    fc.assert(
      fc.property(text, (parts) => {
        const message = parts.join('');
        const template = maskVariableParts(message);
        if (!template.startsWith('<')) expect(firstWord(template)).toBe(firstWord(message));
      }),
      { numRuns: propertyRuns(2000) },
    );
  });
});
