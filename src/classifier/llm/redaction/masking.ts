/** A pattern and the mask that replaces its matches. */
export interface Masking {
  /**
   * Strings in lower case. The pattern is skipped if the lower-case text contains none of them. This check is much faster
   * than the pattern. Without `needs` the pattern always runs.
   */
  readonly needs?: readonly string[];
  /** A global pattern. It must take linear time in the length of the text, see `redact`. */
  readonly pattern: RegExp;
  /** A replacement such as `$1<secret>`, or a function that returns the replacement, or the match itself to keep it. */
  readonly mask: string | ((match: string) => string);
}

/** Returns the text with all matches replaced. Each masking works on the result of the ones before it. */
export function applyMaskings(text: string, maskings: readonly Masking[]): string {
  const lower = text.toLowerCase();
  return maskings.reduce((masked, { needs, pattern, mask }) => {
    if (needs?.every((part) => !lower.includes(part))) return masked;
    // The two calls differ only in type: `replace` has one overload for strings and one for functions.
    return typeof mask === 'string' ? masked.replace(pattern, mask) : masked.replace(pattern, mask);
  }, text);
}

/** Returns a global pattern that ignores case. */
export function anyCase(source: string): RegExp {
  return new RegExp(source, 'gi');
}
