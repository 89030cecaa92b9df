/** A name this far from all known ones is no misspelling. As a share of its length. */
const MAX_SHARE = 0.5;

/**
 * Returns the known name with the fewest edits from `name`, regardless of case; undefined if all are too different.
 * Names are cut to 64 characters, which bounds the time.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  let nearest: string | undefined;
  let fewest = Math.floor(wanted.length * MAX_SHARE) + 1;
  for (const candidate of known) {
    const edits = editDistance(wanted, candidate.slice(0, 64).toLowerCase());
    if (edits < fewest) [nearest, fewest] = [candidate, edits];
  }
  return nearest;
}

/** The least number of inserted, deleted and replaced characters between two texts (Levenshtein, by Wagner and Fischer). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
