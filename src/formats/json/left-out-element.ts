import { MAX_REJECTED_CHARS, type SkippedRecords } from '../format.js';
import type { SlidingText } from './sliding-text.js';

/** An element that is left out, while it is not known where its text ends: reading goes on at a later line. */
export class LeftOutElement {
  #text = '';
  /** The index in the text from which the rest of the element is not collected yet. */
  #from: number;

  /** @param from the index at which the element begins */
  constructor(
    private readonly line: number,
    private readonly reason: string,
    from: number,
  ) {
    this.#from = from;
  }

  /** Collects the text before `text.at`, which is about to be dropped. */
  collect(text: SlidingText): void {
    if (text.at > this.#from) {
      const missing = MAX_REJECTED_CHARS + 1 - this.#text.length;
      this.#text += text.text.slice(this.#from, Math.min(text.at, this.#from + missing));
    }
    this.#from = 0;
  }

  /** Tells of the element, which ends before `text.at`. */
  end(text: SlidingText, skipped: SkippedRecords): void {
    this.collect(text);
    const isCut = this.#text.length > MAX_REJECTED_CHARS;
    skipped.tell(this.line, this.reason, () => (isCut ? this.#text : withoutSeparator(this.#text)));
  }
}

/** Removes the comma between two elements of a list. */
function withoutSeparator(text: string): string {
  const element = text.trimEnd();
  return element.endsWith(',') && element.slice(0, -1).trimEnd().endsWith('}')
    ? element.slice(0, -1).trimEnd()
    : element;
}
