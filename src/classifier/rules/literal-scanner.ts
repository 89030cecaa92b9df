/** Characters that literals may have: ASCII. */
const ALPHABET = 0x80;

/**
 * Tells whether any of these literals is in a text, in one pass over it, however many there are: the automaton
 * of Aho and Corasick ("Efficient string matching", 1975), as a table of all its transitions.
 * @param literals of ASCII characters, none of them empty
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

function buildAutomaton(literals: readonly string[]): { transitions: Uint32Array; accepting: Uint8Array } {
  const most = 1 + literals.reduce((sum, { length }) => sum + length, 0);
  const transitions = new Uint32Array(most * ALPHABET);
  const accepting = new Uint8Array(most);
  const states = growTrie(literals, transitions, accepting);
  // Breadth first, so that the shorter ending of what was read, where a state falls back to, is done before it.
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

/** Writes the literals' trie into the tables; gives the number of its states. */
function growTrie(literals: readonly string[], transitions: Uint32Array, accepting: Uint8Array): number {
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
