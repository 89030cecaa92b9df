import { CorrectionSet } from '../../src/classifier/corrections/correction-set.js';
import type { Correction, NewCorrection } from '../../src/classifier/corrections/correction.js';
import { toTemplate } from '../../src/classifier/template/template.js';

/** A correction as the file has it. Its id is its message. */
export function correctionOf({ message, label, source }: NewCorrection): Correction {
  return {
    id: message,
    message,
    template: toTemplate(message),
    label,
    ...(source === undefined ? {} : { source }),
    created: '2026-11-26T12:00:00.000Z',
  };
}

/** A set in which these messages have the label Right, for all sources. */
export function correctionSet(...messages: string[]): CorrectionSet {
  const corrections = messages.map((message) => correctionOf({ message, label: 'Right' }));
  return new CorrectionSet(corrections, new Set(['Right']));
}
