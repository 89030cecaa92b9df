import { AppError } from '../errors.js';
import { nearestName } from '../math/edit-distance.js';

/**
 * Refuses a label that is not known.
 * @throws AppError `request_invalid` with the nearest known label and all known ones
 */
export function refuseUnknownLabel(label: string, known: ReadonlySet<string>): void {
  if (known.has(label)) return;
  const nearest = nearestName(label, [...known]);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new AppError(
    'request_invalid',
    `There is no label ${JSON.stringify(label.slice(0, 100))}.${hint} The labels are ${[...known].join(', ')}.`,
  );
}
