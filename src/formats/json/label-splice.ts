import { FIELD, type LogRecord, type RecordLabel } from '../../log-record.js';
import { jsonLabel, roundedLabel, type JsonLabel } from '../label-details.js';
import type { RecordShape } from './record-shape.js';
import { endOfValue, topLevelFields } from './top-level-fields.js';

/**
 * Returns the text of an object with its label, and everything else as it stands. The new fields follow the last one. Where
 * the object has a `target_label`, its value is replaced. A detail whose name is taken gets a suffix, as in `rule_2`; a
 * level is added only if the object has no field of that name.
 * @param text the text of an object, from `{` to `}`
 */
export function withLabel(
  text: string,
  shape: RecordShape,
  record: LogRecord,
  label: RecordLabel,
  hasDetails: boolean,
): string {
  let added = shape.hasLabel ? '' : `,"${FIELD.label}":${JSON.stringify(label.label)}`;
  if (hasDetails) added += details(shape, jsonLabel(label, record));
  else if (label.top !== undefined) added += details(shape, { top: label.top.map(roundedLabel) });
  const labelled = shape.hasLabel ? withLabelReplaced(text, label.label) : text;
  if (added === '') return labelled;
  const isEmpty = shape.keys.length === 0;
  return `${labelled.slice(0, -1)}${isEmpty ? added.slice(1) : added}}`;
}

function details(shape: RecordShape, fields: Partial<JsonLabel>): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (name === FIELD.label || (name === 'level' && shape.keys.includes(name))) continue;
    text += `,"${freeName(name, shape.keys)}":${JSON.stringify(value)}`;
  }
  return text;
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let i = 2; taken.includes(free); i += 1) free = `${name}_${i}`;
  return free;
}

function withLabelReplaced(text: string, label: string): string {
  let replaced = '';
  let end = 0;
  for (const { name, from } of topLevelFields(text)) {
    if (name !== FIELD.label) continue;
    replaced += text.slice(end, from) + JSON.stringify(label);
    end = endOfValue(text, from);
  }
  return replaced + text.slice(end);
}
