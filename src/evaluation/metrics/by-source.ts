import { toPartFigures, type PartFigures, type LabelPair } from './figures.js';
import { groupBy } from '../../math/group-by.js';

/** How the lines of one system fare. */
export interface SourceFigures extends PartFigures {
  readonly source: string;
}

/** How the lines of the systems that are not listed fare, taken together. */
export interface OtherSources extends PartFigures {
  /** How many systems they are. */
  readonly sources: number;
}

const MAX_SOURCES = 50;

/** The sources with the most lines, 50 at most, and the rest as one; null if there is none. */
export function bySource(verdicts: readonly (LabelPair & { readonly source: string })[]): {
  sources: SourceFigures[];
  otherSources: OtherSources | null;
} {
  // White space around a source says nothing: the classifier does not heed it either.
  const groups = [...groupBy(verdicts, ({ source }) => source.trim())].sort(
    ([nameA, a], [nameB, b]) => b.length - a.length || (nameA < nameB ? -1 : 1),
  );
  const rest = groups.slice(MAX_SOURCES);
  const others = { sources: rest.length, ...toPartFigures(rest.flatMap(([, own]) => own)) };
  return {
    sources: groups.slice(0, MAX_SOURCES).map(([source, own]) => ({ source, ...toPartFigures(own) })),
    otherSources: rest.length === 0 ? null : others,
  };
}
