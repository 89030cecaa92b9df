import { UsageError } from '../command.js';
import { editDistance, nearestName } from '../../math/edit-distance.js';
import type { AnswerWriter, RecordChunk } from '../../formats/format.js';
import { selectRecords } from '../../formats/select-records.js';

/** Returns a writer that leaves out rows with other labels; the same writer if there are none to choose by. */
export function onlyLabels<Chunk extends RecordChunk>(
  writer: AnswerWriter<Chunk>,
  labels: readonly string[],
): AnswerWriter<Chunk> {
  if (labels.length === 0) return writer;
  const wanted = new Set(labels);
  return {
    mediaType: writer.mediaType,
    begin: () => writer.begin(),
    chunk(chunk, all) {
      const isWanted = all.map(({ label }) => wanted.has(label));
      if (!isWanted.includes(true)) return '';
      return writer.chunk(
        selectRecords(chunk, (i) => isWanted[i] === true),
        all.filter((_, i) => isWanted[i]),
      );
    },
    end: (warnings) => writer.end(warnings),
  };
}

/** Refuses labels that no line can get. @throws UsageError with the known ones, nearest first */
export function checkLabels(labels: readonly string[], known: ReadonlySet<string>): void {
  const unknown = labels.find((label) => !known.has(label));
  if (unknown === undefined) return;
  const distance = (label: string): number => editDistance(unknown.toLowerCase(), label.toLowerCase());
  const names = [...known].sort((a, b) => distance(a) - distance(b));
  const nearest = nearestName(unknown, names);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw new UsageError(
    `--label: no line gets the label "${unknown}".${hint} The labels are ${names.join(', ')}.`,
  );
}
