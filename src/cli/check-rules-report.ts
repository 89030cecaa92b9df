import type { RuleCount, RuleSample, RuleTally } from '../classifier/rules/rule-tally.js';

/** Returns what the rules match in a file as lines of text, the rule with the most lines first. */
export function describeTally(tally: RuleTally, file: string): string[] {
  const matching = tally.counts.filter(({ lines }) => lines > 0).sort((a, b) => b.lines - a.lines);
  const unused = tally.counts.filter(({ lines }) => lines === 0);
  return [
    `${file}: ${inLines(tally.lines)}, ${tally.matched} (${share(tally.matched, tally)}) match a rule, ` +
      `${tally.lines - tally.matched} match none.`,
    ...matching.flatMap((count) => ['', ...describeCount(count, tally)]),
    '',
    unused.length === 0
      ? 'Every rule matched.'
      : `Never matched: ${unused.map(({ rule }) => rule.id).join(', ')}`,
  ];
}

function describeCount(count: RuleCount, tally: RuleTally): string[] {
  const { rule, lines, right, wrong } = count;
  const comparison = right + wrong > 0 ? `, ${right} right, ${wrong} wrong` : '';
  return [
    `${rule.id} -> ${rule.label}: ${inLines(lines)} (${share(lines, tally)})${comparison}`,
    ...count.wrongSamples.map(
      (sample) => `    WRONG, should be ${sample.expected ?? ''}: ${describeSample(sample)}`,
    ),
    ...count.samples.map((sample) => `    ${describeSample(sample)}`),
  ];
}

const SAMPLE_CHARS = 160;

/** Escapes control characters, which would break the line or control the terminal. */
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
