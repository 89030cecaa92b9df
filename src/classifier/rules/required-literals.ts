/** Shorter literals occur in too many messages to be useful. */
const MIN_CHARS = 3;

/**
 * Returns literals of which every matching message contains at least one. So a message that contains none of them need
 * not be matched against the pattern. Returns undefined if the pattern has syntax that this parser does not support
 * (flags, `\p{...}`, `\Q...\E`), or if an alternative requires no literal of three characters or more.
 * @param pattern a valid RE2 pattern
 * @example requiredLiterals('User \\w+ (logged in|left)') // ['logged in', 'left']
 */
export function requiredLiterals(pattern: string): readonly string[] | undefined {
  const literals = new PatternParser(pattern).parse();
  return literals && shortestLength(literals) >= MIN_CHARS ? literals : undefined;
}

/** A part of a pattern: a literal character, or another construct with the literals that it requires, if any. */
type Atom = { readonly character: string } | { readonly literals: readonly string[] | undefined };

const NO_LITERALS: Atom = { literals: undefined };
/** Escapes that match a class of characters or a position. */
const CLASS_ESCAPES = 'dDsSwWbBAz';

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

/** Thrown and caught in this file: the pattern has unsupported syntax. */
class UnsupportedSyntax extends Error {}

/** A recursive-descent parser for RE2 patterns. Each method parses one construct and returns its required literals. */
class PatternParser {
  #at = 0;

  constructor(private readonly pattern: string) {}

  parse(): readonly string[] | undefined {
    try {
      const literals = this.#alternation();
      return this.#at === this.pattern.length ? literals : undefined;
    } catch (error) {
      if (error instanceof UnsupportedSyntax) return undefined;
      throw error;
    }
  }

  /** `a|b|c`: the literals of all alternatives, or undefined if an alternative requires none. */
  #alternation(): readonly string[] | undefined {
    const alternatives = [this.#concatenation()];
    while (this.#take('|')) alternatives.push(this.#concatenation());
    const all = alternatives.flatMap((literals) => literals ?? []);
    return alternatives.includes(undefined) ? undefined : all;
  }

  /** `abc`: the literals of one required part. Takes the part whose shortest literal is longest. */
  #concatenation(): readonly string[] | undefined {
    let best: readonly string[] | undefined;
    let run = '';
    const offer = (literals: readonly string[] | undefined): void => {
      if (literals && shortestLength(literals) > shortestLength(best ?? [])) best = literals;
    };
    const endRun = (): void => {
      if (run !== '') offer([run]);
      run = '';
    };
    while (this.#at < this.pattern.length && !'|)'.includes(this.#peek())) {
      const atom = this.#atom();
      const minRepeats = this.#quantifier();
      if ('character' in atom && minRepeats !== 0) run += atom.character;
      if (!('character' in atom) || minRepeats !== undefined) endRun();
      if ('literals' in atom && minRepeats !== 0) offer(atom.literals);
    }
    endRun();
    return best;
  }

  #atom(): Atom {
    const character = this.#next();
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return this.#characterClass();
      case '\\':
        return this.#escape();
      case '.':
      case '^':
      case '$':
        return NO_LITERALS;
      default:
        // A non-ASCII character may be half of a surrogate pair. Such characters are rare in rules, so no literal has one.
        return character < '\x80' ? { character } : NO_LITERALS;
    }
  }

  #group(): Atom {
    if (this.#take('?')) this.#skipGroupPrefix();
    const literals = this.#alternation();
    if (!this.#take(')')) throw new UnsupportedSyntax();
    return { literals };
  }

  /** Skips the text after `(?`: `:`, `P<name>` or `<name>`. Flags are not supported. */
  #skipGroupPrefix(): void {
    const prefix = /^(?::|P?<\w+>)/.exec(this.pattern.slice(this.#at))?.[0];
    if (prefix === undefined) throw new UnsupportedSyntax();
    this.#at += prefix.length;
  }

  #characterClass(): Atom {
    const rest = /^\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/s.exec(this.pattern.slice(this.#at))?.[0];
    if (rest === undefined) throw new UnsupportedSyntax();
    this.#at += rest.length;
    return NO_LITERALS;
  }

  #escape(): Atom {
    const character = this.#next();
    if (CLASS_ESCAPES.includes(character)) return NO_LITERALS;
    const control = CONTROL_ESCAPES[character];
    if (control !== undefined) return { character: control };
    if (/[\w\x80-\uffff]/.test(character)) throw new UnsupportedSyntax();
    return { character };
  }

  /** Returns the quantifier's minimum number of repetitions, or undefined if there is no quantifier. */
  #quantifier(): number | undefined {
    const [found, minimum] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.#at)) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    if (minimum !== undefined) return Number(minimum);
    return found.startsWith('+') ? 1 : 0;
  }

  #peek(): string {
    return this.pattern.charAt(this.#at);
  }

  #next(): string {
    return this.pattern.charAt(this.#at++);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}

/** Returns the length of the shortest literal, or 0 if there are none. */
function shortestLength(literals: readonly string[]): number {
  return literals.length === 0 ? 0 : Math.min(...literals.map((literal) => literal.length));
}
