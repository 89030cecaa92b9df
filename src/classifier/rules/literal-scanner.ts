/** The number of ASCII characters. Literals contain no others. */
const ALPHABET = 0x80;

const NONE: readonly number[] = [];

/**
 * Returns a function that finds the groups of which a text contains a literal. It returns their indexes, ascending and
 * without repetition. It reads the text once, for any number of literals. Algorithm: Aho and Corasick, "Efficient string
 * matching" (1975), as a complete transition table.
 * @param groups lists of literals: non-empty, of ASCII characters, fewer than 65,536 characters together
 */
export function createLiteralScanner(
  groups: readonly (readonly string[])[],
): (text: string) => readonly number[] {
  const { transitions, groupsAt } = buildAutomaton(groups);
  const accepting = Uint8Array.from(groupsAt, (ending) => (ending === undefined ? 0 : 1));
  return (text) => {
    let state = 0;
    let found: Set<number> | undefined;
    for (let i = 0; i < text.length; i += 1) {
      const character = text.charCodeAt(i);
      state = character < ALPHABET ? (transitions[state * ALPHABET + character] ?? 0) : 0;
      if (accepting[state] === 0) continue;
      found ??= new Set();
      for (const group of groupsAt[state] ?? NONE) found.add(group);
    }
    return found === undefined ? NONE : [...found].sort((a, b) => a - b);
  };
}

interface Automaton {
  /** The next state of each state and character, `[states × ALPHABET]`, row-major. */
  readonly transitions: Uint16Array;
  /** For each state, the groups with a literal that ends there, or undefined if there are none. */
  readonly groupsAt: (number[] | undefined)[];
}

function buildAutomaton(groups: readonly (readonly string[])[]): Automaton {
  const maxStates = 1 + groups.flat().reduce((sum, { length }) => sum + length, 0);
  const transitions = new Uint16Array(maxStates * ALPHABET);
  const groupsAt = writeTrie(groups, transitions);
  // The fallback of a state is the state of the longest proper suffix of its text. The queue visits states breadth first,
  // because a state needs the finished transitions of its fallback, which is nearer to the root.
  const fallback = new Uint32Array(groupsAt.length);
  const queue = [0];
  for (const state of queue) {
    const back = fallback[state] ?? 0;
    const inherited = groupsAt[back];
    if (inherited !== undefined && state !== 0) groupsAt[state] = [...(groupsAt[state] ?? []), ...inherited];
    for (let character = 0; character < ALPHABET; character += 1) {
      const at = state * ALPHABET + character;
      const next = transitions[at] ?? 0;
      const afterBack = state === 0 ? 0 : (transitions[back * ALPHABET + character] ?? 0);
      if (next === 0) transitions[at] = afterBack;
      else {
        fallback[next] = afterBack;
        queue.push(next);
      }
    }
  }
  return { transitions, groupsAt };
}

/** Writes the trie of the literals into the table. Returns the groups whose literals end at each state. */
function writeTrie(
  groups: readonly (readonly string[])[],
  transitions: Uint16Array,
): (number[] | undefined)[] {
  const groupsAt: (number[] | undefined)[] = [undefined];
  for (const [group, literals] of groups.entries()) {
    for (const literal of literals) {
      let state = 0;
      for (let i = 0; i < literal.length; i += 1) {
        const at = state * ALPHABET + literal.charCodeAt(i);
        if (transitions[at] === 0) transitions[at] = groupsAt.push(undefined) - 1;
        state = transitions[at] ?? 0;
      }
      groupsAt[state] = [...(groupsAt[state] ?? []), group];
    }
  }
  return groupsAt;
}
