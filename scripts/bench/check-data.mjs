import { readFile } from 'node:fs/promises';
import { loadLabels } from '../../dist/classifier/labels.js';
import { compileRules } from '../../dist/classifier/rules/rule-set.js';
import { toTemplate } from '../../dist/classifier/template/template.js';
import { builtInRulesFile, loadConfig } from '../../dist/config.js';
import { rowAt } from './data.mjs';

/** Rows beyond the first ones are looked at here and there: so many, or fewer if they are long. */
const SPREAD_ROWS = 5000;
const SPREAD_CHARS = 10_000_000;

/** The rules read every character of a message; of long messages fewer are shown to them. */
const RULE_CHARS = 4_000_000;

/**
 * Holds a plan's rows against the product's own masks and rules: the first rows, which hold every template once, and
 * some all over the file.
 * @param {import('./data.mjs').Plan} plan
 * @throws Error when the file would hold another number of templates than planned, or rules match other lines.
 */
export async function checkData(plan) {
  const rules = await builtInRules();
  const firstRows = Math.min(plan.rows, Math.ceil(plan.templates / (1 - plan.ruleShare)) + 1);
  const templates = new Set();
  let chars = 0;
  for (const row of [...Array(firstRows).keys(), ...spread(plan)]) {
    const { message, byRule } = rowAt(plan, row);
    if (!byRule) templates.add(toTemplate(message));
    chars += message.length;
    if (chars < RULE_CHARS && (rules.match(message) !== undefined) !== byRule) {
      throw new Error(`A rule should ${byRule ? '' : 'not '}match: ${message.slice(0, 200)}`);
    }
  }
  if (templates.size !== plan.templates) {
    throw new Error(`The rows have ${templates.size} templates, ${plan.templates} were asked for.`);
  }
}

async function builtInRules() {
  const { names } = await loadLabels(loadConfig({}).labelsFile);
  return compileRules(await readFile(builtInRulesFile, 'utf8'), { file: builtInRulesFile, labels: names });
}

/** @returns {number[]} */
function spread(/** @type {import('./data.mjs').Plan} */ { rows, length }) {
  const count = Math.min(rows, SPREAD_ROWS, Math.ceil(SPREAD_CHARS / length));
  return Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
}
