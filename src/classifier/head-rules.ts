import { builtInLabelsFile, builtInRulesFile, type Config } from '../config.js';
import { loadLabels, type LabelCatalogue } from './labels.js';
import { openRuleBook, type RuleBook } from './rules/rule-book.js';
import type { Logger } from './types.js';

/** What the rules have to go with. */
export interface RuleSurroundings {
  /** The labels of the label file with those of the head. */
  readonly catalogue: LabelCatalogue;
  /** The head's labels; undefined where there is no head. */
  readonly headLabels: readonly string[] | undefined;
}

/** The rules of the configured file, and whether they may be used beside the head. */
export interface HeadRules {
  readonly book: RuleBook;
  /**
   * Labels of built-in rules that the head does not know. If there are any, no rule may be used: it would give a label
   * that the user's data never had. Rules that RULES_FILE asks for by name may always be used.
   */
  readonly labelsNotInHead: readonly string[];
}

/** The rules file that is used. */
export function rulesFileOf({ rulesFile }: Pick<Config, 'rulesFile'>): string {
  return rulesFile ?? builtInRulesFile;
}

/**
 * Opens the rules as the server does.
 * @throws RuleFileError when they cannot be used.
 */
export async function openHeadRules(
  config: Pick<Config, 'rulesFile'>,
  { catalogue, headLabels }: RuleSurroundings,
  options: { logger: Logger; watch: boolean },
): Promise<HeadRules> {
  const file = rulesFileOf(config);
  if (config.rulesFile !== undefined) {
    return { book: await openRuleBook({ ...options, file, labels: catalogue.names }), labelsNotInHead: [] };
  }
  // Checked against the labels that they were written for: a LABELS_FILE need not have those.
  const { names: labels } = await loadLabels(builtInLabelsFile);
  const book = await openRuleBook({ ...options, file, labels });
  const known = new Set(headLabels ?? labels);
  const given = new Set(book.current.rules.map(({ label }) => label));
  return { book, labelsNotInHead: [...given].filter((label) => !known.has(label)) };
}
