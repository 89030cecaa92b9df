import type { RuleCount, RuleSample, RuleTally } from '../classifier/rules/rule-tally.js';

/** What rules did to a file, for a person to read: lines of text, the busiest rule first. */
export function describeTally(tally: RuleTally, file: string): string[] {
  const fired = tally.counts.filter(({ lines }) => lines > 0).sort((a, b) => b.lines - a.lines);
  const silent = tally.counts.filter(({ lines }) => lines === 0);
  return [
    `${file}: ${inLines(tally.lines)}, ${tally.matched} (${share(tally.matched, tally)}) match a rule, ` +
      `${tally.lines - tally.matched} match none.`,
    ...fired.flatMap((count) => ['', ...describeCount(count, tally)]),
    '',
    silent.length === 0
      ? 'Every rule matched.'
      : `Never matched: ${silent.map(({ rule }) => rule.id).join(', ')}`,
  ];
}

function describeCount(count: RuleCount, tally: RuleTally): string[] {
  const { rule, lines, right, wrong } = count;
  const judged = right + wrong > 0 ? `, ${right} right, ${wrong} wrong` : '';
  return [
    `${rule.id} -> ${rule.label}: ${inLines(lines)} (${share(lines, tally)})${judged}`,
    ...count.wrongSamples.map(
      (sample) => `    WRONG, is ${sample.expected ?? ''}: ${describeSample(sample)}`,
    ),
    ...count.samples.map((sample) => `    ${describeSample(sample)}`),
  ];
}

const SAMPLE_CHARS = 160;

/** Escapes what would break the line or steer the terminal. */
function describeSample({ source, message }: RuleSample): string {
  const clipped = message.length > SAMPLE_CHARS ? `${message.slice(0, SAMPLE_CHARS)}…` : message;
  return `${source} | ${clipped}`.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1));
}

function share(lines: number, tally: RuleTally): string {
  return `${((100 * lines) / Math.max(tally.lines, 1)).toFixed(1)} %`;
}

function inLines(count: number): string {
  return `${count} ${count === 1 ? 'line' : 'lines'}`;
}
