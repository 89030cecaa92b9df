import { readFile } from 'node:fs/promises';
import { loadLabels } from '../../dist/classifier/labels.js';
import { compileRules } from '../../dist/classifier/rules/rule-set.js';
import { toTemplate } from '../../dist/classifier/template/template.js';
import { builtInRulesFile, loadConfig } from '../../dist/config.js';
import { rowAt } from './data.mjs';

/** Rows checked in addition to the first ones, spread over the file; fewer if the rows are long. */
const SPREAD_ROWS = 5000;
const SPREAD_CHARS = 10_000_000;

/** Upper bound of the characters matched against the rules, because rules read every character of a message. */
const RULE_CHARS = 4_000_000;

/**
 * Checks the rows of a plan with the product's masks and rules. Checks the first rows, which contain every template,
 * and some rows spread over the file.
 * @param {import('./data.mjs').Plan} plan
 * @throws Error when the number of templates or the lines that rules match differ from the plan
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
    throw new Error(`The rows have ${templates.size} templates, the plan asks for ${plan.templates}.`);
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
