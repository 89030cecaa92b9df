import { onlyLabels, UNCLASSIFIED, withLabels, type LabelCatalogue } from './labels.js';
import type { RuleSet } from './rules/rule-set.js';
import type { ClassifierSnapshot } from './snapshot.js';

type Parts = Pick<ClassifierSnapshot, 'catalogue' | 'rules' | 'embedding' | 'llmSources'>;

/**
 * Returns a function that returns the labels that lines can get: those of the head and of the rules in use, and
 * `Unclassified`. If lines can go to the LLM, all labels of the catalogue, because the LLM may choose any of them. Equal parts
 * give the same object, so that an answer made from it can be kept.
 * @param hasLlm whether lines may be sent to the LLM and it has a key
 */
export function createPossibleLabels(hasLlm: boolean): (snapshot: Parts) => LabelCatalogue {
  let last: { snapshot: Parts; rules: RuleSet; labels: LabelCatalogue } | undefined;
  return (snapshot) => {
    // An edit of the rule file replaces the rules without a new snapshot.
    const rules = snapshot.rules.current;
    if (last?.snapshot !== snapshot || last.rules !== rules) {
      last = { snapshot, rules, labels: possibleLabels(snapshot, hasLlm) };
    }
    return last.labels;
  };
}

function possibleLabels({ catalogue, rules, embedding, llmSources }: Parts, hasLlm: boolean): LabelCatalogue {
  // Empty messages and low confidences give this label even if neither the head nor the label file has it.
  const all = withLabels(catalogue, [UNCLASSIFIED]);
  if (hasLlm && llmSources.size > 0) return all;
  const ruleLabels = rules.current.rules.map(({ label }) => label);
  return onlyLabels(all, new Set([...embedding.head.labels, ...ruleLabels, UNCLASSIFIED]));
}
