import { builtInLabelsFile, builtInRulesFile, type Config } from '../config.js';
import { loadLabels, type LabelCatalogue } from './labels.js';
import { openRuleBook, type RuleBook } from './rules/rule-book.js';
import type { Logger } from './types.js';

/** The labels that rules are checked against. */
export interface KnownLabels {
  /** The labels of the label file and of the head. */
  readonly catalogue: LabelCatalogue;
  /** The head's labels, or undefined if no head is loaded. */
  readonly headLabels: readonly string[] | undefined;
}

/** The rules of the configured file, and whether they may be used with the head. */
export interface ConfiguredRules {
  readonly book: RuleBook;
  /**
   * Labels of built-in rules that the head does not have. If there are any, no built-in rule may be used: it would
   * return a label that the user's training data does not contain. Always empty if RULES_FILE is set.
   */
  readonly labelsNotInHead: readonly string[];
}

/** Returns the path of the rule file: RULES_FILE, or the built-in file. */
export function rulesFileOf({ rulesFile }: Pick<Config, 'rulesFile'>): string {
  return rulesFile ?? builtInRulesFile;
}

/**
 * Opens the rules of the configured file and checks them.
 * @throws RuleFileError when the rules cannot be used
 */
export async function openConfiguredRules(
  config: Pick<Config, 'rulesFile'>,
  { catalogue, headLabels }: KnownLabels,
  options: { logger: Logger; watch: boolean },
): Promise<ConfiguredRules> {
  const file = rulesFileOf(config);
  const { logger, watch } = options;
  if (config.rulesFile !== undefined) {
    const book = await openRuleBook({ file, labels: catalogue.names, logger, watch });
    return { book, labelsNotInHead: [] };
  }
  // Built-in rules are checked against the built-in labels: the user's LABELS_FILE may not contain those.
  const { names: labels } = await loadLabels(builtInLabelsFile);
  const book = await openRuleBook({ file, labels, logger, watch });
  const known = new Set(headLabels ?? labels);
  const ruleLabels = new Set(book.current.rules.map(({ label }) => label));
  return { book, labelsNotInHead: [...ruleLabels].filter((label) => !known.has(label)) };
}
