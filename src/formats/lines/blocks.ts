/** Tells whether a line begins a block. `isAfterBlank` says whether a blank line, or none, is in front of it. */
export type BlockStart = (line: string, isAfterBlank: boolean) => boolean;

/** At most this many lines at the start of a file show whether it has blocks. */
const startLines = 300;

/** `Event[0]:` of `wevtutil qe /f:text`; newer versions write no colon. */
const eventHead = /^Event\[\d{1,9}\]:?\s*$/;
/** `TimeCreated  : 11/26/2026 5:00:00 AM` of PowerShell's Format-List. The colons of a block stand in one column. */
const property = /^([A-Za-z_][\w.()/-]{0,80}(?: [\w.()/-]{1,80}){0,5}) *(?= :(?: |$))/;
/** Lines such as `INFO : text` are records. */
const levelName = /^(?:trace|debug|info|information|notice|warn|warning|error|crit|critical|fatal)$/i;
/** Fields that an event of Windows has. One block alone must have two of them. */
const eventField =
  /^(?:Message|TimeCreated|TimeGenerated|TimeWritten|ProviderName|LogName|LevelDisplayName|EntryType|InstanceId|EventID)$/i;

/**
 * Recognises a file whose records are blocks of lines: events as `wevtutil qe /f:text` prints them, or objects as
 * PowerShell's Format-List does, with a blank line between them.
 * @param text the start of the file
 * @returns undefined if the file does not begin with such blocks
 */
export function findBlocks(text: string): BlockStart | undefined {
  const lines = text.split(/\r*\n|\r+/, startLines);
  const from = lines.findIndex((line) => line.trim() !== '');
  const first = lines[from];
  if (first === undefined) return undefined;
  if (eventHead.test(first))
    return /^\s+[\w ]{1,40}:/.test(lines[from + 1] ?? '') ? (line) => eventHead.test(line) : undefined;
  const name = nameOf(first);
  if (name === undefined || !isList(lines.slice(from), name)) return undefined;
  return (line, isAfterBlank) => isAfterBlank && nameOf(line) === name;
}

/** Whether the lines begin with a block of at least two properties, and another block or an event's fields show what it is. */
function isList(lines: readonly string[], name: string): boolean {
  const end = lines.findIndex((line) => line.trim() === '');
  const block = lines.slice(0, end === -1 ? undefined : end).filter((line) => !/^\s/.test(line));
  const names = block.map(nameOf);
  const known = names.filter((each) => each !== undefined);
  const columns = new Set(block.map((line) => property.exec(line)?.[0].length));
  const areProperties = known.length === block.length && known.length > 1 && columns.size === 1;
  if (!areProperties || new Set(known).size < known.length || known.some((each) => levelName.test(each)))
    return false;
  const hasAnother = lines.some((line, i) => i > 0 && lines[i - 1]?.trim() === '' && nameOf(line) === name);
  return hasAnother || known.filter((each) => eventField.test(each)).length > 1;
}

function nameOf(line: string): string | undefined {
  return property.exec(line)?.[1];
}
