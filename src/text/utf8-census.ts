/** Counts how much of a file looks like UTF-8, in pieces of any size. */
export class Utf8Census {
  /** How many valid characters of more than one byte there are. */
  multibyte = 0;
  /**
   * How many bytes above 0x7F are in no valid character. An overlong form or an encoded surrogate, as Java writes them,
   * counts as one.
   */
  stray = 0;
  /** How many bytes of the present character are still to come. */
  #missing = 0;
  /** How many bytes of the present character were read. */
  #read = 0;
  /** The bounds of its second byte, outside of which it is overlong or a surrogate. */
  #low = 0x80;
  #high = 0xbf;
  #isForbidden = false;

  /** Counts the next bytes. A character that is not complete is counted with the bytes that complete it. */
  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      // Most bytes are ASCII, and nothing is to be done.
      if (byte < 0x80 && this.#missing === 0) continue;
      this.#count(byte);
    }
  }

  #count(byte: number): void {
    if (this.#missing > 0) {
      if ((byte & 0xc0) === 0x80) {
        this.#continue(byte);
        return;
      }
      this.stray += this.#read;
      this.#missing = 0;
    }
    if (byte >= 0x80) this.#begin(byte);
  }

  #continue(byte: number): void {
    if (this.#read === 1) this.#isForbidden ||= byte < this.#low || byte > this.#high;
    this.#read += 1;
    this.#missing -= 1;
    if (this.#missing > 0) return;
    if (this.#isForbidden) this.stray += 1;
    else this.multibyte += 1;
  }

  /** Table 3-7 of Unicode 16: the second byte after E0, ED, F0 and F4 has narrower bounds. */
  #begin(lead: number): void {
    if (lead < 0xc0 || lead > 0xf4) {
      this.stray += 1;
      return;
    }
    this.#read = 1;
    this.#isForbidden = lead < 0xc2;
    this.#missing = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    this.#low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    this.#high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  }
}
