import type { AnswerWriter } from '../../formats/format.js';
import type { RecordLabel } from '../../log-record.js';
import { masked } from '../masked.js';

/** The code of the colour of each label that has one. Labels of a user's own head are bold. */
const COLOURS: Readonly<Record<string, number>> = {
  'Critical Error': 91,
  Error: 31,
  'Security Alert': 35,
  'Workflow Error': 33,
  'Resource Usage': 33,
  'Deprecation Warning': 36,
  'HTTP Status': 34,
  'User Action': 32,
  'System Notification': 37,
  Unclassified: 90,
};
const BOLD = 1;

/** How lines are shown. */
export interface TerminalStyle {
  /** All labels that may come. They decide the width of their column. */
  labels: Iterable<string>;
  colours: boolean;
  details: boolean;
}

/** Whether a terminal may be coloured: see no-color.org. */
export function wantsColours(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/**
 * Creates a writer for people: label, confidence and message of each record. Control characters of a message are masked,
 * because they could control the terminal.
 */
export function terminalAnswer({ labels, colours, details }: TerminalStyle): AnswerWriter {
  const width = Math.max(...[...labels].map((label) => label.length), 1);
  const indent = ' '.repeat(width + 8);
  return {
    mediaType: 'text/plain',
    begin: () => '',
    chunk: ({ records }, all) =>
      records
        .map(({ message }, i) => {
          const label = all[i];
          if (label === undefined) throw new Error('A record has no label.');
          const shown = message
            .split(/\r*\n|\r/)
            .map(masked)
            .join(`\n${indent}`);
          return `${nameOf(label, width, colours)}  ${confidenceOf(label)}  ${shown}${detailsOf(label, details)}\n`;
        })
        .join(''),
    end: () => '',
  };
}

function nameOf({ label }: RecordLabel, width: number, colours: boolean): string {
  const name = masked(label);
  const padding = ' '.repeat(Math.max(0, width - name.length));
  return colours ? `\u001b[${COLOURS[label] ?? BOLD}m${name}\u001b[0m${padding}` : name + padding;
}

function confidenceOf({ confidence }: RecordLabel): string {
  return confidence === null ? '   -' : confidence.toFixed(2);
}

function detailsOf({ tier, rule, note }: RecordLabel, details: boolean): string {
  return details ? `  (${[tier, rule, note].filter((part) => part !== undefined).join(', ')})` : '';
}
