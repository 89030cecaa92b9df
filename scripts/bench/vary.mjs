/** The same 32 bits for the same two numbers, and bits that look like chance for neighbouring ones. */
export function scramble(/** @type {number} */ a, /** @type {number} */ b) {
  let bits = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

const two = (/** @type {number} */ number) => String(number).padStart(2, '0');

/**
 * The parts of a line that vary from row to row: the same for the same row and slot. Each kind always has the same
 * width: beyond 4,096 characters a template is cut, and the cut must fall alike in all rows of a template.
 */
export class Varying {
  #row;
  #slot = 0;

  constructor(/** @type {number} */ row) {
    this.#row = row;
  }

  /** A whole number from 0 up to, but without, the bound. */
  below(/** @type {number} */ bound) {
    this.#slot += 1;
    return scramble(this.#row, this.#slot) % bound;
  }

  /** A number of so many digits, the first not 0. */
  number(digits = 4) {
    const least = 10 ** (digits - 1);
    return String(least + this.below(9 * least));
  }

  /** An IPv4 address of a private network. */
  ip() {
    return `10.${100 + this.below(156)}.${100 + this.below(156)}.${100 + this.below(156)}`;
  }

  /** A clock time with milliseconds. */
  clock() {
    return `${two(this.below(24))}:${two(this.below(60))}:${two(this.below(60))}.${this.number(3)}`;
  }

  /** A date and time. */
  date() {
    return `2031-${two(1 + this.below(12))}-${two(1 + this.below(28))} ${two(this.below(24))}:${two(this.below(60))}:${two(this.below(60))}`;
  }

  /** Eight hex digits, the first a letter and the second a figure: all figures would be masked as a number. */
  hex() {
    return `${'abcdef'[this.below(6)]}${this.below(10)}${this.#hexDigits(6)}`;
  }

  /** A UUID. */
  uuid() {
    return `${this.#hexDigits(8)}-${this.#hexDigits(4)}-${this.#hexDigits(4)}-${this.#hexDigits(4)}-${this.#hexDigits(6)}${this.#hexDigits(6)}`;
  }

  #hexDigits(/** @type {number} */ digits) {
    return this.below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  }
}
