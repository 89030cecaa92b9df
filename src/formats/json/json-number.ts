/** How far a JSON number has been read, named after its last character. */
export type NumberState =
  'minus' | 'zero' | 'integer' | 'point' | 'fraction' | 'e' | 'exponent sign' | 'exponent';

type CharKind = 'zero' | 'digit' | 'point' | 'e' | 'plus' | 'minus';

const nextStates: Record<NumberState, Partial<Record<CharKind, NumberState>>> = {
  minus: { zero: 'zero', digit: 'integer' },
  zero: { point: 'point', e: 'e' },
  integer: { zero: 'integer', digit: 'integer', point: 'point', e: 'e' },
  point: { zero: 'fraction', digit: 'fraction' },
  fraction: { zero: 'fraction', digit: 'fraction', e: 'e' },
  e: { zero: 'exponent', digit: 'exponent', plus: 'exponent sign', minus: 'exponent sign' },
  'exponent sign': { zero: 'exponent', digit: 'exponent' },
  exponent: { zero: 'exponent', digit: 'exponent' },
};

/** Returns the state after the first character; undefined if no number begins with it. */
export function firstNumberState(code: number): NumberState | undefined {
  const kind = kindOf(code);
  if (kind === 'minus' || kind === 'zero') return kind;
  return kind === 'digit' ? 'integer' : undefined;
}

/** Returns the state after the next character; undefined if the character is not part of the number. */
export function nextNumberState(state: NumberState, code: number): NumberState | undefined {
  const kind = kindOf(code);
  return kind === undefined ? undefined : nextStates[state][kind];
}

/** Whether the number is complete in this state. */
export function isCompleteNumber(state: NumberState): boolean {
  return state === 'zero' || state === 'integer' || state === 'fraction' || state === 'exponent';
}

function kindOf(code: number): CharKind | undefined {
  if (code >= 0x31 && code <= 0x39) return 'digit';
  switch (code) {
    case 0x30:
      return 'zero';
    case 0x2e:
      return 'point';
    case 0x65:
    case 0x45:
      return 'e';
    case 0x2b:
      return 'plus';
    case 0x2d:
      return 'minus';
    default:
      return undefined;
  }
}
