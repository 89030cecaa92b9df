/** Returns a 32-bit hash of two numbers. */
export function scramble(/** @type {number} */ a, /** @type {number} */ b) {
  let bits = Math.imul(a, 0x9e3779b1) ^ Math.imul(b + 0x7f4a7c15, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return (bits ^ (bits >>> 15)) >>> 0;
}

const two = (/** @type {number} */ number) => String(number).padStart(2, '0');

/**
 * The values of a line that vary from row to row. They depend only on the row and on the order of the calls. Values
 * of a kind all have the same width: a template is cut at 4,096 characters, and all rows of a template need the same
 * cut.
 */
export class Varying {
  #row;
  #slot = 0;

  constructor(/** @type {number} */ row) {
    this.#row = row;
  }

  /** An integer from 0 to bound - 1. */
  below(/** @type {number} */ bound) {
    this.#slot += 1;
    return scramble(this.#row, this.#slot) % bound;
  }

  /** A number with the given count of digits and without leading zeros. */
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

  /** Eight hex digits, a letter first and a digit second: eight decimal digits would be masked as a number. */
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
