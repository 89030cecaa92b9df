/** One kind of text that is masked. */
export interface Masking {
  /** A text without any of these, in lower case, has no match. To look for them is much quicker than the pattern. */
  readonly needs?: readonly string[];
  /** Global. Its time must be linear in the text's length: see `redact`. */
  readonly pattern: RegExp;
  /** What stands in its place: a replacement pattern (`$1<secret>`), or a function that may also return the match. */
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

/** A global pattern that takes upper and lower case for the same. */
export function anyCase(source: string): RegExp {
  return new RegExp(source, 'gi');
}
