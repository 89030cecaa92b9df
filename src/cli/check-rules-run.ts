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
import { findColumn } from '../formats/csv/layout.js';
import { openTable } from '../formats/csv/reader.js';
import { FIELD, RECORD_COLUMNS } from '../log-record.js';
import { describeTally } from './check-rules-report.js';
import { runCommand, UsageError, type ExitCode } from './command.js';
import type { Terminal } from './main.js';

/** The settings of the server that decide about rules. */
export type CheckRulesSettings = Pick<Config, 'rulesFile' | 'labelsFile' | 'headFile' | 'maxCellChars'>;

/** Without a watch, rules have nothing to log. */
const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

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
  const { book, labelsNotInHead } = await openRules(settings, terminal);
  const { rules, version } = book.current;
  terminal.out(`${rulesFileOf(settings)} is good: ${rules.length} rules, version ${version}.`);
  if (labelsNotInHead.length > 0) terminal.out(describeOff(settings.headFile, labelsNotInHead));
  else if (data !== undefined) await showData(book.current, data, samples, settings, terminal);
}

/** Opens what the server opens. A head that cannot be used keeps the server from starting, but not this check. */
async function openRules(settings: CheckRulesSettings, { err }: Terminal): Promise<ConfiguredRules> {
  const described = await loadLabels(settings.labelsFile);
  const head = await loadHead(settings.headFile).catch((error: unknown) => {
    if (!(error instanceof HeadFileError)) throw error;
    err.write(`Warning: the rules are checked without the labels of a head. ${error.message}\n`);
    return undefined;
  });
  const catalogue = withLabels(described, head?.labels ?? []);
  const labels = { catalogue, headLabels: head?.labels };
  return openConfiguredRules(settings, labels, { logger: silent, watch: false });
}

function describeOff(headFile: string, labelsNotInHead: readonly string[]): string {
  const labels = labelsNotInHead.map((label) => JSON.stringify(label)).join(', ');
  return (
    `The built-in rules are off, so no line is labelled by a rule: the head ${headFile} does not know their ` +
    `labels ${labels}. Set RULES_FILE to use rules.`
  );
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
  const table = await openTable(text, { bom, maxCellChars, columns: RECORD_COLUMNS });
  const { header } = table.layout;
  const source = findColumn(header, FIELD.source);
  const message = findColumn(header, FIELD.message);
  const label = findColumn(header, FIELD.label);
  for await (const { rows } of table.chunks()) {
    for (const row of rows) {
      const record = { source: row[source] ?? '', message: row[message] ?? '' };
      tally.add(record, row[label]?.trim());
    }
  }
  for (const line of ['', ...describeTally(tally, file)]) out(line);
}
