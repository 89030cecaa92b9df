/** Shorter ones are in too many messages to tell anything. */
const MIN_CHARS = 3;

/**
 * Literals of which at least one is in every message that the pattern matches, so that a message without any of
 * them need not be matched. ScoredExample by the pattern's text, and carefully: where it has something that is not
 * known here (flags, `\p{...}`, `\Q...\E`), or no literal of three characters that all ways through it share,
 * there is no answer.
 * @param pattern that RE2 takes
 * @example requiredLiterals('User \\w+ (logged in|left)') // ['logged in', 'left']
 */
export function requiredLiterals(pattern: string): readonly string[] | undefined {
  const literals = new PatternReader(pattern).read();
  return literals && shortest(literals) >= MIN_CHARS ? literals : undefined;
}

/** Part of a pattern: one character exactly, or something else that holds one of these literals, if any. */
type Atom = { readonly character: string } | { readonly literals: readonly string[] | undefined };

const NOTHING: Atom = { literals: undefined };
/** Escapes that stand for a class of characters or a place. */
const CLASS_ESCAPES = 'dDsSwWbBAz';

const CONTROL_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

/** Thrown and caught within this file: the pattern has something that is not known here. */
class Unknown extends Error {}

/** Reads a pattern from left to right, once. */
class PatternReader {
  #at = 0;

  constructor(private readonly pattern: string) {}

  read(): readonly string[] | undefined {
    try {
      const literals = this.#alternation();
      return this.#at === this.pattern.length ? literals : undefined;
    } catch (error) {
      if (error instanceof Unknown) return undefined;
      throw error;
    }
  }

  /** `a|b|c`: each way needs a literal of its own. */
  #alternation(): readonly string[] | undefined {
    const ways = [this.#concatenation()];
    while (this.#take('|')) ways.push(this.#concatenation());
    const all = ways.flatMap((literals) => literals ?? []);
    return ways.includes(undefined) ? undefined : all;
  }

  /** `abc`: any part that must be there will do; the one whose literals are longest tells most. */
  #concatenation(): readonly string[] | undefined {
    let best: readonly string[] | undefined;
    let run = '';
    const offer = (literals: readonly string[] | undefined): void => {
      if (literals && shortest(literals) > shortest(best ?? [])) best = literals;
    };
    const endRun = (): void => {
      if (run !== '') offer([run]);
      run = '';
    };
    while (this.#at < this.pattern.length && !'|)'.includes(this.#peek())) {
      const atom = this.#atom();
      const repeats = this.#quantifier();
      if ('character' in atom && repeats !== 0) run += atom.character;
      if (!('character' in atom) || repeats !== undefined) endRun();
      if ('literals' in atom && repeats !== 0) offer(atom.literals);
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
        return NOTHING;
      default:
        // A character outside ASCII may be half of one, and is rare enough in rules to be left out.
        return character < '\x80' ? { character } : NOTHING;
    }
  }

  #group(): Atom {
    if (this.#take('?')) this.#groupName();
    const literals = this.#alternation();
    if (!this.#take(')')) throw new Unknown();
    return { literals };
  }

  /** What follows `(?`: `:`, `P<name>` or `<name>`; flags are not known here. */
  #groupName(): void {
    const name = /^(?::|P?<\w+>)/.exec(this.pattern.slice(this.#at))?.[0];
    if (name === undefined) throw new Unknown();
    this.#at += name.length;
  }

  #characterClass(): Atom {
    const rest = /^\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]/s.exec(this.pattern.slice(this.#at))?.[0];
    if (rest === undefined) throw new Unknown();
    this.#at += rest.length;
    return NOTHING;
  }

  #escape(): Atom {
    const character = this.#next();
    if (CLASS_ESCAPES.includes(character)) return NOTHING;
    const control = CONTROL_ESCAPES[character];
    if (control !== undefined) return { character: control };
    if (/[\w\x80-\uffff]/.test(character)) throw new Unknown();
    return { character };
  }

  /** The least number of times that what stands before is there; undefined without a quantifier: once. */
  #quantifier(): number | undefined {
    const [found, least] = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.#at)) ?? [];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return least === undefined ? (found.startsWith('+') ? 1 : 0) : Number(least);
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

function shortest(literals: readonly string[]): number {
  return literals.length === 0 ? 0 : Math.min(...literals.map((literal) => literal.length));
}
