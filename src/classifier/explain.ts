import type { CorrectionSet } from './corrections/correction-set.js';
import { EMPTY, firstTier, labelledByRule, withNote } from './first-tier.js';
import type { TierSession } from './embedding/embedding-tier.js';
import type { LlmPreview } from './llm/llm-preview.js';
import { routeLocally, templateOf, type LocalRoute } from './local-route.js';
import { matchedPart } from './rules/matched-part.js';
import type { Rule } from './rules/rule-set.js';
import { snapshotVersion, type ClassifierSnapshot } from './snapshot.js';
import type {
  Classification,
  ExplainOptions,
  Explanation,
  LocalExplanation,
  LogRecord,
  RuleMatch,
} from './types.js';

/** How many of the likeliest labels are explained. */
const EXPLAINED_LABELS = 3;

/**
 * Returns how the label of a record comes about with a snapshot and corrections. The record takes the same way as in
 * `classify`, except that the LLM is not asked, because that costs money. What rules and embedding tier say is explained for
 * lines of the LLM, too, and for corrected ones.
 * @throws the signal's reason when it is aborted, or the encoder's error
 */
export async function explain(
  snapshot: ClassifierSnapshot,
  correctionSet: CorrectionSet,
  record: LogRecord,
  { signal, priority = 'interactive' }: ExplainOptions = {},
): Promise<Explanation> {
  signal?.throwIfAborted();
  // Read before the first wait: an edit of the rule file may replace the rules meanwhile.
  const versions = { version: snapshotVersion(snapshot), corrections: correctionSet.revision };
  const tier = firstTier(record, snapshot, true);
  if (tier === 'none') return { ...versions, classification: EMPTY };
  const corrected = correctionSet.find(record);
  if (corrected) {
    const local = await explainLocally(snapshot, record.message, { signal, priority });
    return { ...versions, ...corrected, local };
  }
  const llm = tier === 'llm' ? snapshot.llm.preview(record) : undefined;
  const local = await explainLocally(snapshot, record.message, { signal, priority });
  return {
    ...versions,
    classification: llm ? labelWithLlm(llm, local.classification) : local.classification,
    ...(llm && { llm }),
    local,
  };
}

/** Returns what `classify` gives for a record of the LLM; undefined if it would have to ask the LLM. */
function labelWithLlm({ state, label }: LlmPreview, withoutLlm: Classification): Classification | undefined {
  if (label !== undefined) return { label, tier: 'llm', confidence: null };
  return state === 'not-asked' ? undefined : withNote(withoutLlm, 'llm-unavailable');
}

async function explainLocally(
  { rules, embedding }: ClassifierSnapshot,
  message: string,
  session: TierSession,
): Promise<LocalExplanation> {
  const route = routeLocally(rules.current, message);
  const wrapped = route.part?.message === undefined ? {} : { wrappedMessage: route.part.message };
  if (route.rule) {
    const rule = ruleMatch(route.rule, message, route);
    return { classification: labelledByRule(route.rule), ...wrapped, rule };
  }
  const template = templateOf(message, route);
  const { classification, ...explained } = await embedding.explain(template, session, EXPLAINED_LABELS);
  return { classification, ...wrapped, embedding: { template, ...explained } };
}

function ruleMatch({ id, pattern, label }: Rule, message: string, { part }: LocalRoute): RuleMatch {
  const text = part?.message ?? message;
  const found = matchedPart(pattern, text);
  if (!found) throw new Error(`The rule ${id} has matched, but its match is not found.`);
  const matchedIn = part === undefined ? 'message' : 'wrapped-message';
  return { id, pattern, label, matchedIn, text: text.slice(found.start, found.end), ...found };
}
