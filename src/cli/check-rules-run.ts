import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { loadLabels, withLabels } from '../classifier/labels.js';
import { compileRules, type RuleSet } from '../classifier/rules/rule-set.js';
import { RuleTally } from '../classifier/rules/rule-tally.js';
import { openText } from '../csv/decode.js';
import { openTable } from '../csv/reader.js';
import { describeTally } from './check-rules-report.js';
import { runCommand, UsageError, type ExitCode } from './command.js';
import type { Terminal } from './main.js';

/** The files that the server would use. */
export interface CheckRulesSettings {
  rulesFile: string;
  labelsFile: string;
  /** Labels that a head brings along beside those of the label file. */
  headLabels: readonly string[];
  maxCellChars: number;
}

const USAGE = 'Usage: npm run check-rules -- [--data file.csv] [--samples N]';

/**
 * Checks the rules file as the server does at its start; with `--data` also shows what each rule takes there.
 * @returns the exit code: 0, 1 for a file that cannot be used, 2 for wrong arguments. Rules that label data
 * otherwise than its target_label column are shown, but are for a person to judge.
 */
export async function runCheckRules(
  args: readonly string[],
  settings: CheckRulesSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  return runCommand({
    usage: USAGE,
    args,
    parse: () => parseOptions(args),
    work: (options) => checkRules(options, settings, terminal),
    complain: (text) => terminal.err.write(`${text}\n`),
  });
}

interface Options {
  data: string | undefined;
  samples: number;
}

function parseOptions(args: readonly string[]): Options {
  const options = { data: { type: 'string' }, samples: { type: 'string', default: '5' } } as const;
  const { data, samples } = parseArgs({ args: [...args], options }).values;
  if (!/^\d{1,6}$/.test(samples)) throw new UsageError(`--samples must be a whole number, got "${samples}".`);
  return { data, samples: Number(samples) };
}

async function checkRules(
  { data, samples }: Options,
  settings: CheckRulesSettings,
  terminal: Terminal,
): Promise<void> {
  const rules = await loadRules(settings);
  terminal.out(`${settings.rulesFile} is good: ${rules.rules.length} rules, version ${rules.version}.`);
  if (data !== undefined) await showData(rules, data, samples, settings, terminal);
}

async function loadRules({ rulesFile, labelsFile, headLabels }: CheckRulesSettings): Promise<RuleSet> {
  const { names } = withLabels(await loadLabels(labelsFile), headLabels);
  return compileRules(await readFile(rulesFile, 'utf8'), { file: rulesFile, labels: names });
}

async function showData(
  rules: RuleSet,
  file: string,
  samples: number,
  { maxCellChars }: CheckRulesSettings,
  { out }: Terminal,
): Promise<void> {
  const tally = new RuleTally(rules, samples);
  const { bom, text } = await openText(createReadStream(file));
  const table = await openTable(text, { bom, maxCellChars });
  const { sourceIndex, messageIndex, labelIndex } = table.layout;
  for await (const { rows } of table.chunks()) {
    for (const row of rows) {
      const record = { source: row[sourceIndex] ?? '', message: row[messageIndex] ?? '' };
      tally.add(record, row[labelIndex]?.trim());
    }
  }
  for (const line of ['', ...describeTally(tally, file)]) out(line);
}
