import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { HeadFileError, loadHead } from '../classifier/embedding/head.js';
import { openConfiguredRules, rulesFileOf, type ConfiguredRules } from '../classifier/configured-rules.js';
import { loadLabels, withLabels } from '../classifier/labels.js';
import type { RuleSet } from '../classifier/rules/rule-set.js';
import { RuleTally } from '../classifier/rules/rule-tally.js';
import type { Logger } from '../classifier/types.js';
import type { Config } from '../config.js';
import { openText } from '../text/open-text.js';
import { cellReader } from '../formats/csv/column-names.js';
import { openCsv } from '../formats/csv/csv-input.js';
import { KNOWN_FIELDS } from '../formats/fields.js';
import { FIELD } from '../log-record.js';
import { describeTally } from './check-rules-report.js';
import { forOption, runCommand, wholeNumber, type ExitCode } from './command.js';
import type { Terminal } from './terminal.js';

/** The settings of the server that affect rules. */
export type CheckRulesSettings = Pick<Config, 'rulesFile' | 'labelsFile' | 'headFile' | 'maxCellChars'>;

/** Only a reload of the rules writes to the log, and this command does not reload them. */
const noLogger: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

const USAGE = 'Usage: npm run check-rules -- [--data file.csv] [--samples N]';

const HELP = `Checks the rule file (RULES_FILE, or the built-in one) in the same way as the server at its start.

Options:
  --data <file.csv>  also show which lines of this file each rule matches, and wrong labels if the
                     file has a column target_label
  --samples <N>      show up to N lines for each rule (default: 5)
  -h, --help         show this help

Examples:
  log-classifier check-rules
  RULES_FILE=my_rules.json log-classifier check-rules --data logs.csv --samples 2`;

/**
 * Checks the rule file in the same way as the server at its start. With `--data`, it also shows the lines that each rule
 * matches. If the data has a column `target_label`, it shows wrong labels too. They do not change the exit code.
 * @returns the exit code, see ExitCode
 */
export async function runCheckRules(
  args: readonly string[],
  settings: CheckRulesSettings,
  terminal: Terminal,
): Promise<ExitCode> {
  return runCommand({
    usage: USAGE,
    help: HELP,
    args,
    parse: () => parseOptions(args),
    work: (options) => checkRules(options, settings, terminal),
    showError: (text) => terminal.err.write(`${text}\n`),
  });
}

interface Options {
  data: string | undefined;
  samples: number;
}

function parseOptions(args: readonly string[]): Options {
  const options = { data: { type: 'string' }, samples: { type: 'string', default: '5' } } as const;
  const { data, samples } = parseArgs({ args: [...args], options }).values;
  return { data, samples: wholeNumber('--samples', samples, 'six') };
}

async function checkRules(
  { data, samples }: Options,
  settings: CheckRulesSettings,
  terminal: Terminal,
): Promise<void> {
  const { book, labelsNotInHead } = await openRules(settings, terminal);
  const { rules, version } = book.current;
  terminal.out(`${rulesFileOf(settings)} is valid: ${rules.length} rules, version ${version}.`);
  if (labelsNotInHead.length > 0) terminal.out(describeRulesOff(settings.headFile, labelsNotInHead));
  else if (data !== undefined) {
    await forOption('--data', () => showMatches(book.current, data, samples, settings, terminal));
  }
}

/** Opens the same files as the server. If the head cannot be used, it warns and continues without a head. */
async function openRules(settings: CheckRulesSettings, { err }: Terminal): Promise<ConfiguredRules> {
  const described = await loadLabels(settings.labelsFile);
  const head = await loadHead(settings.headFile).catch((error: unknown) => {
    if (!(error instanceof HeadFileError)) throw error;
    err.write(`Warning: Without a head, rules can only use the labels of the label file. ${error.message}\n`);
    return undefined;
  });
  const catalogue = withLabels(described, head?.labels ?? []);
  const labels = { catalogue, headLabels: head?.labels };
  return openConfiguredRules(settings, labels, { logger: noLogger, watch: false });
}

function describeRulesOff(headFile: string, labelsNotInHead: readonly string[]): string {
  const labels = labelsNotInHead.map((label) => JSON.stringify(label)).join(', ');
  return (
    `The built-in rules are off, because the head ${headFile} lacks their labels ${labels}. ` +
    'No rule labels a line. Set RULES_FILE to use rules.'
  );
}

async function showMatches(
  rules: RuleSet,
  file: string,
  samples: number,
  { maxCellChars }: CheckRulesSettings,
  { out }: Terminal,
): Promise<void> {
  const tally = new RuleTally(rules, samples);
  const { bom, text } = await openText(createReadStream(file));
  const table = await openCsv(text, { bom, maxCellChars, fields: KNOWN_FIELDS, onError: 'fail' });
  const labelOf = cellReader(table.layout.header, FIELD.label);
  for await (const { records, rows } of table.chunks()) {
    records.forEach((record, index) => tally.add(record, labelOf(rows[index] ?? [])));
  }
  for (const line of ['', ...describeTally(tally, file)]) out(line);
}
