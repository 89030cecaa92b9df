import { toPartFigures, type PartFigures, type LabelPair } from './figures.js';
import { groupBy } from '../../math/group-by.js';

/** The figures of one source. */
export interface SourceFigures extends PartFigures {
  readonly source: string;
}

/** The figures of all sources that are not listed. */
export interface OtherSources extends PartFigures {
  /** The number of these sources. */
  readonly sources: number;
}

const MAX_SOURCES = 50;

/**
 * Returns the figures of the sources with the most lines, at most 50, and those of all other sources together.
 * `otherSources` is null if there are none.
 */
export function bySource(pairs: readonly (LabelPair & { readonly source: string })[]): {
  sources: SourceFigures[];
  otherSources: OtherSources | null;
} {
  // The classifier ignores white space around a source, too.
  const groups = [...groupBy(pairs, ({ source }) => source.trim())].sort(
    ([nameA, a], [nameB, b]) => b.length - a.length || (nameA < nameB ? -1 : 1),
  );
  const rest = groups.slice(MAX_SOURCES);
  const others = { sources: rest.length, ...toPartFigures(rest.flatMap(([, ofSource]) => ofSource)) };
  return {
    sources: groups
      .slice(0, MAX_SOURCES)
      .map(([source, ofSource]) => ({ source, ...toPartFigures(ofSource) })),
    otherSources: rest.length === 0 ? null : others,
  };
}
