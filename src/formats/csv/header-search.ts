import { FIELD } from '../../log-record.js';
import { comparableName, isExactly, type FieldChoice } from '../fields.js';
import { columnNumber, comparableCell } from './column-names.js';
import { maxColumns } from './errors.js';
import { isRecord, messageIndex } from './headless.js';

/** The supported delimiters between cells. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** Where the table of a text begins. */
export interface FoundHeader {
  /** The index at which the header begins. */
  at: number;
  /** The line on which it begins, counted from 1. */
  line: number;
  delimiter: Delimiter;
  /** Whether the table has no header: the line is its first record. */
  isHeadless: boolean;
}

/** How to find a header. */
export interface HeaderSearch {
  fields: FieldChoice;
  /** The delimiter if it is known. */
  delimiter?: Delimiter | undefined;
  /** Whether the text is all there is. */
  isComplete: boolean;
}

const lfCode = 0x0a;
const crCode = 0x0d;

/** Maximum number of title lines before the header. Blank lines and comments are not counted. */
const maxTitleLines = 20;

/**
 * Maximum number of comments before the header that may name the columns. More are skipped. Without this limit, a text of
 * nothing but short comments would block the event loop.
 */
const maxComments = 500;

/**
 * The pattern of a quoted cell for each delimiter. The delimiters are in order of preference, for headers that fit
 * several. The opening quote follows a delimiter or a line break; doubled quotes do not close the cell. A cell that is
 * not closed extends to the end of the text, because the rest of it may follow in the next piece.
 */
const quotedCells: readonly (readonly [Delimiter, RegExp])[] = [
  [',', /(?<=^|[,\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  [';', /(?<=^|[;\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['\t', /(?<=^|[\t\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
  ['|', /(?<=^|[|\r\n])"[^"]*(?:""[^"]*)*(?:"|$)/g],
];

/**
 * Finds the header of a table and its delimiter. Before the header there may be blank lines, a line such as `sep=;` that
 * names the delimiter, lines that begin with `#`, and up to 20 title lines.
 *
 * The header is the first line that is none of these if it has the columns of a record. Otherwise it is the first of the
 * next 20 lines that has them, or else the first line. Messages contain other delimiters, so only the header decides on
 * the delimiter: it is the one that yields the columns, or else the most columns, or else a comma.
 *
 * If the user names the columns by numbers and the header found is a record, the table has no header. It begins with the
 * first line that has as many cells.
 * @param text the start of the text
 * @returns undefined if the decision needs more text
 */
export function findHeader(text: string, search: HeaderSearch): FoundHeader | undefined {
  const sep = findSepLine(text);
  if (sep && !sep.isEnded && !search.isComplete) return undefined;
  const known = search.delimiter ?? sep?.delimiter;
  const from = sep?.next ?? 0;
  const dialects =
    known === undefined ? quotedCells : quotedCells.filter(([delimiter]) => delimiter === known);
  const all = dialects.map(([delimiter, quotedCell]) => readLines(text, from, delimiter, quotedCell, search));
  let best: Choice | undefined;
  for (const judge of createJudges(search.fields)) {
    const choices = all.map((lines) => chooseLine(lines, judge));
    best = choices.flatMap((choice) => choice ?? []).toSorted(byRank)[0];
    if (best?.verdict.hasMessage === true) break;
    if (!search.isComplete && choices.includes(undefined)) return undefined;
  }
  const first = best && firstRecord(best, all, search.fields);
  const at = (first ?? best?.line)?.start ?? from;
  const delimiter = best?.line.delimiter ?? known ?? ',';
  return { at, line: lineNumberAt(text, at), delimiter, isHeadless: first !== undefined };
}

/** Returns the first record of a table without a header; undefined if the table has one. */
function firstRecord(
  { line, verdict }: Choice,
  all: readonly Lines[],
  fields: FieldChoice,
): Line | undefined {
  const message = messageIndex(fields);
  const hasName = verdict.hasField || line.cells.includes(fields.messageColumn ?? '');
  if (message === undefined || line.isComment || !isRecord(line.cells, message, hasName)) return undefined;
  const lines = all.find(({ lines }) => lines.includes(line))?.lines;
  return lines?.find(({ isComment, cells }) => !isComment && cells.length === line.cells.length);
}

/** A line of the text in one dialect; a quoted cell may span line breaks. */
interface Line {
  delimiter: Delimiter;
  start: number;
  isComment: boolean;
  cells: string[];
}

interface Lines {
  /** The lines that are not blank: comments, and as many others as are needed. */
  lines: Line[];
  /** Whether no more lines can come that are needed. */
  isComplete: boolean;
}

/** What the names of a line say. */
interface Verdict {
  hasMessage: boolean;
  /** Whether it is a header even after title lines. */
  isSure: boolean;
  /** 2 points each for an exact name of message and source, 1 for another known name. */
  score: number;
  hasField: boolean;
}

type Judge = (line: Line) => Verdict;

interface Choice {
  line: Line;
  verdict: Verdict;
}

/** Returns the header line; undefined if more text is needed. */
function chooseLine({ lines, isComplete }: Lines, judge: Judge): Choice | undefined {
  const judged = lines.map((line) => ({ line, verdict: judge(line) }));
  const content = judged.filter(({ line }) => !line.isComment);
  const [first] = content;
  if (!first) return isComplete ? judged.toSorted(byRank)[0] : undefined;
  // A comment such as `# source, log_message` may name the columns too. The header itself scores at least as high.
  const comment = judged.find(({ line, verdict }) => line.isComment && verdict.hasMessage);
  if (comment && comment.line.start < first.line.start && comment.verdict.score > first.verdict.score)
    return comment;
  const width = first.line.cells.length;
  if (first.verdict.isSure || (width > 2 && first.verdict.hasField)) return first;
  const titles: Choice[] = [first];
  for (const later of content.slice(1)) {
    if (isHeaderAfter(titles, later)) return later;
    titles.push(later);
  }
  return isComplete ? first : undefined;
}

/** Whether a line is the header of a table that other lines stand before. */
function isHeaderAfter(titles: readonly Choice[], { line, verdict }: Choice): boolean {
  const [first] = titles;
  const width = line.cells.length;
  // A table with two columns whose second row happens to contain known names.
  if (first && first.verdict.hasField && width > 1 && first.line.cells.length === width) return false;
  if (verdict.isSure) return true;
  const isWider = titles.every((title) => title.line.cells.length < width && !title.verdict.hasField);
  return verdict.hasMessage && isWider;
}

function byRank(a: Choice, b: Choice): number {
  const message = Number(b.verdict.hasMessage) - Number(a.verdict.hasMessage);
  const start = a.verdict.hasMessage && b.verdict.hasMessage ? a.line.start - b.line.start : 0;
  return message || start || b.verdict.score - a.verdict.score || b.line.cells.length - a.line.cells.length;
}

/** Returns a judge that looks for the column that the user names, if any, and one that looks for known names. */
function createJudges(fields: FieldChoice): Judge[] {
  const { messageColumn, ...known } = fields;
  if (messageColumn === undefined || columnNumber(messageColumn) !== undefined) return [createJudge(known)];
  const names = { ...fields.names, message: [messageColumn] };
  return [createJudge({ ...fields, names }, messageColumn), createJudge(known)];
}

/** @param chosen the column that the user names; `names.message` has only this name */
function createJudge({ names, sourceColumn }: FieldChoice, chosen?: string): Judge {
  const setOf = (all: readonly string[]): Set<string> => new Set(all.map(comparableName));
  const [messages, sources, levels] = [setOf(names.message), setOf(names.source), setOf(names.level)];
  const isExact = (cell: string, name: string): boolean => cell === name || isExactly(cell, name);
  return ({ cells }) => {
    let [message, source, level] = [0, 0, 0];
    for (const cell of cells.length > maxColumns ? [] : cells) {
      const name = comparableCell(cell);
      if (name === '') continue;
      if (isExact(cell, chosen ?? FIELD.message)) message = 2;
      else if (isExact(cell, sourceColumn ?? FIELD.source)) source = 2;
      else if (messages.has(name)) message ||= chosen === undefined ? 1 : 2;
      else if (sources.has(name)) source ||= 1;
      else if (levels.has(name)) level = 1;
    }
    return {
      hasMessage: message > 0,
      isSure: message === 2 || (message > 0 && source + level > 0),
      score: message + source,
      hasField: message + source + level > 0,
    };
  };
}

function readLines(
  text: string,
  from: number,
  delimiter: Delimiter,
  quotedCell: RegExp,
  search: HeaderSearch,
): Lines {
  // Replace delimiters and line breaks inside quotes, so that they end neither a name nor the line.
  const masked = text.slice(from).replace(quotedCell, (cell) => cell.replace(/[,;\t|\r\n]/g, ' '));
  const lines: Line[] = [];
  let contentLines = 0;
  let comments = 0;
  let start = 0;
  const add = (end: number): void => {
    const line = masked.slice(start, end);
    const isComment = /^"?#/.test(line);
    if (isComment) comments += 1;
    if (line.trim() !== '' && !(isComment && comments > maxComments)) {
      lines.push({
        delimiter,
        start: from + start,
        isComment,
        cells: namesOf(line, text, from + start, delimiter),
      });
      if (!isComment) contentLines += 1;
    }
    start = end + 1;
  };
  // Not `matchAll`: an object for each line break of a text of blank lines takes too long.
  for (let index = 0; index < masked.length; index += 1) {
    const code = masked.charCodeAt(index);
    if (code !== lfCode && code !== crCode) continue;
    if (index > start) add(index);
    else start = index + 1;
    if (contentLines > maxTitleLines) return { lines, isComplete: true };
  }
  if (search.isComplete) add(masked.length);
  return { lines, isComplete: search.isComplete };
}

/** Splits a masked line. Returns its names as they stand in the text. */
function namesOf(line: string, text: string, start: number, delimiter: Delimiter): string[] {
  let at = start;
  return line.split(delimiter).map((masked) => {
    const cell = text.slice(at, at + masked.length);
    at += masked.length + 1;
    const bare = /^"[^]*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    // Make tabs part of the name: a tab next to a name is the delimiter, even if another delimiter also fits.
    return bare.replaceAll('\t', '<tab>');
  });
}

interface SepLine {
  delimiter: Delimiter;
  /** The index of the next line. */
  next: number;
  isEnded: boolean;
}

/** Finds a first line such as `sep=;`, with which Excel names the delimiter. */
function findSepLine(text: string): SepLine | undefined {
  const start = /^[ \t\r\n]*/.exec(text)?.[0].length ?? 0;
  const [, delimiter, newline = ''] =
    /^"?sep=([,;|\t])"?[ ]*(\r{1,2}\n|[\r\n]|$)/i.exec(text.slice(start, start + 100)) ?? [];
  if (delimiter === undefined) return undefined;
  const end = text.slice(start).search(/[\r\n]|$/) + start;
  return { delimiter: delimiter as Delimiter, next: end + newline.length, isEnded: newline !== '' };
}

function lineNumberAt(text: string, at: number): number {
  return (text.slice(0, at).match(/\r{1,2}\n|[\r\n]/g)?.length ?? 0) + 1;
}
