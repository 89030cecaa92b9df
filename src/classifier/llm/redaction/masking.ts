/** A pattern and the mask that replaces its matches. */
export interface Masking {
  /**
   * Lower-case strings. The pattern is skipped if the text, in lower case, contains none of them. This check is much
   * faster than the pattern.
   */
  readonly needs?: readonly string[];
  /** A global pattern. Its time must be linear in the length of the text: see `redact`. */
  readonly pattern: RegExp;
  /** A replacement pattern (`$1<secret>`), or a function. The function returns the match if it must stay. */
  readonly mask: string | ((match: string) => string);
}

/** Replaces every match of every masking, in order. */
export function applyMaskings(text: string, maskings: readonly Masking[]): string {
  const lower = text.toLowerCase();
  return maskings.reduce((masked, { needs, pattern, mask }) => {
    if (needs?.every((part) => !lower.includes(part))) return masked;
    return typeof mask === 'string' ? masked.replace(pattern, mask) : masked.replace(pattern, mask);
  }, text);
}

/** Returns a global pattern that ignores case. */
export function anyCase(source: string): RegExp {
  return new RegExp(source, 'gi');
}
