/** The number of ASCII characters. Literals contain no others. */
const ALPHABET = 0x80;

/**
 * Returns a function that checks whether a text contains any of the literals. It reads the text once, for any number of
 * literals. Algorithm: Aho and Corasick, "Efficient string matching" (1975), as a complete transition table.
 * @param literals non-empty, of ASCII characters
 */
export function createLiteralScanner(literals: readonly string[]): (text: string) => boolean {
  const { transitions, accepting } = buildAutomaton(literals);
  return (text) => {
    let state = 0;
    for (let i = 0; i < text.length; i += 1) {
      const character = text.charCodeAt(i);
      state = character < ALPHABET ? (transitions[state * ALPHABET + character] ?? 0) : 0;
      if (accepting[state] === 1) return true;
    }
    return false;
  };
}

/**
 * Returns the transition table, `[states × ALPHABET]`, row-major, and a flag per state that is 1 if a literal ends there.
 */
function buildAutomaton(literals: readonly string[]): { transitions: Uint32Array; accepting: Uint8Array } {
  const maxStates = 1 + literals.reduce((sum, { length }) => sum + length, 0);
  const transitions = new Uint32Array(maxStates * ALPHABET);
  const accepting = new Uint8Array(maxStates);
  const states = writeTrie(literals, transitions, accepting);
  // The fallback of a state is the state of the longest proper suffix of its text. The queue visits states breadth first,
  // because a state needs the finished transitions of its fallback, which is nearer to the root.
  const fallback = new Uint32Array(states);
  const queue = [0];
  for (const state of queue) {
    const back = fallback[state] ?? 0;
    if (accepting[back] === 1) accepting[state] = 1;
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
  return { transitions, accepting };
}

/** Writes the trie of the literals into the tables. Returns its number of states. */
function writeTrie(literals: readonly string[], transitions: Uint32Array, accepting: Uint8Array): number {
  let states = 1;
  for (const literal of literals) {
    let state = 0;
    for (let i = 0; i < literal.length; i += 1) {
      const at = state * ALPHABET + literal.charCodeAt(i);
      if (transitions[at] === 0) transitions[at] = states++;
      state = transitions[at] ?? 0;
    }
    accepting[state] = 1;
  }
  return states;
}
