import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { LabelFileError, loadLabels, withLabels } from '../classifier/labels.js';
import { RuleFileError } from '../classifier/rules/rule-file-error.js';
import { compileRules, type RuleSet } from '../classifier/rules/rule-set.js';
import { RuleTally } from '../classifier/rules/rule-tally.js';
import { openText } from '../csv/decode.js';
import { openTable } from '../csv/reader.js';
import { AppError } from '../errors.js';
import { describeTally } from './check-rules-report.js';

/** The files that the server would use. */
export interface CheckRulesSettings {
  rulesFile: string;
  labelsFile: string;
  /** Labels that a head brings along beside those of the label file. */
  headLabels: readonly string[];
  maxCellChars: number;
}

/** Where the command writes, a line at a time. */
export interface Terminal {
  out: (line: string) => void;
  err: (line: string) => void;
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
): Promise<0 | 1 | 2> {
  const options = parseOptions(args);
  if (typeof options === 'string') {
    terminal.err(`${options}\n${USAGE}`);
    return 2;
  }
  try {
    const rules = await loadRules(settings);
    terminal.out(`${settings.rulesFile} is good: ${rules.rules.length} rules, version ${rules.version}.`);
    if (options.data !== undefined) await showData(rules, options.data, options.samples, settings, terminal);
    return 0;
  } catch (error) {
    if (!isAboutFiles(error)) throw error;
    terminal.err(error.message);
    return 1;
  }
}

interface Options {
  data: string | undefined;
  samples: number;
}

/** The options, or what is wrong with them. */
function parseOptions(args: readonly string[]): Options | string {
  const options = { data: { type: 'string' }, samples: { type: 'string', default: '5' } } as const;
  try {
    const { data, samples } = parseArgs({ args: [...args], options }).values;
    if (!/^\d{1,6}$/.test(samples)) return `--samples must be a whole number, got "${samples}".`;
    return { data, samples: Number(samples) };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
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

/** Whether the error says what is wrong with a file, and not with the program. */
function isAboutFiles(error: unknown): error is Error {
  if (error instanceof RuleFileError || error instanceof LabelFileError || error instanceof AppError)
    return true;
  return error instanceof Error && 'code' in error && 'syscall' in error;
}
