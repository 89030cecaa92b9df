import type { EvaluationReport } from '../evaluate.js';
import { headlineFacts, originFacts, type MeasuredData } from './headline.js';
import { toSections, type Section } from './sections.js';
import type { Column, Table } from './tables.js';

/** Returns the report as Markdown, with the figures of the page but without pictures. */
export function markdownReport(report: EvaluationReport, data: MeasuredData): string {
  const blocks = ['# Evaluation', facts(report, data), ...toSections(report).flatMap(section)];
  return `${blocks.join('\n\n')}\n`;
}

function facts(report: EvaluationReport, data: MeasuredData): string {
  return [
    '| figure | value | |',
    '| --- | --- | --- |',
    ...headlineFacts(report).map(({ name, value, detail }) => row([name, value, detail])),
    ...originFacts(report, data).map(({ name, value }) => row([name, value, ''])),
  ].join('\n');
}

function section({ title, remark, tables }: Section): string[] {
  return [`## ${title}`, remark, ...tables.map(table)];
}

function table({ columns, rows }: Table): string {
  if (rows.length === 0) return 'None.';
  return [
    row(columns.map(({ name }) => name)),
    `| ${columns.map(rule).join(' | ')} |`,
    ...rows.map(row),
  ].join('\n');
}

function rule({ kind }: Column): string {
  return kind === 'number' ? '---:' : '---';
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(escaped).join(' | ')} |`;
}

/**
 * Escapes text of the data for a table cell. Replaces all characters that some Markdown dialect may interpret, and
 * those that would turn an address into a link, by character references.
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(
      /[&<>|`*_~[\]{}\\#@$^=!]|:(?=\/\/)|(?<=\bwww)\./gi,
      (character) => `&#${character.charCodeAt(0)};`,
    );
}
