import type { Classification } from '../../src/classifier/types.js';
import type { LabelledRecord } from '../../src/labelled-data/labelled-csv.js';
import { evaluate, type EvaluationReport } from '../../src/evaluation/evaluate.js';
import { seededRandom } from '../../src/math/random.js';

/** Text that would run a script or break the page if it were not escaped. */
export const hostile = {
  message:
    '<script>alert(1)</script></style></svg>]]><img src=x onerror="alert(2)">|`*bold*` [x](javascript:1)\nnew',
  source: `"><svg onload='alert(3)'>`,
  label: `</title><b>&amp;"'`,
} as const;

const LABELS = [
  ['System Notification', 150],
  ['Error', 80],
  ['User Action', 60],
  ['HTTP Status', 45],
  ['Security Alert', 30],
  ['Resource Usage', 20],
  ['Critical Error', 9],
  [hostile.label, 4],
] as const;
const SOURCES = ['Gateway', 'ModernCRM', 'BillingSystem', 'kernel', 'Kubernetes', hostile.source];

/** Returns a report of about four hundred lines. Most mistakes have a low confidence, as with a good head. */
export function sampleReport(): Promise<EvaluationReport> {
  const random = seededRandom(7);
  const records = LABELS.flatMap(([label, lines]) =>
    Array.from({ length: lines }, (_, index): Omit<LabelledRecord, 'line'> => ({
      source: SOURCES[Math.floor(random() * SOURCES.length)] ?? '',
      message:
        index % 15 === 3
          ? hostile.message
          : `Worker ${index} of the pool took longer than planned, trying again`,
      label,
    })),
  ).map((record, index) => ({ ...record, line: index + 2 }));
  const results = records.map(({ label }) => classified(label, random));
  let next = 0;
  const classify = (part: readonly unknown[]): Promise<Classification[]> => {
    next += part.length;
    return Promise.resolve(results.slice(next - part.length, next));
  };
  const head = {
    version: '0123456789abcdef',
    threshold: 0.4,
    labels: LABELS.map(([label]) => label),
    hasLearnt: () => false,
  };
  return evaluate(records, { head, session: () => ({ version: 'scripted', classify }) });
}

function classified(right: string, random: () => number): Classification {
  if (random() < 0.2) return { label: right, tier: 'rule', confidence: 1, rule: 'some-rule' };
  const confidence = 1 - 0.7 * random() ** 2.5;
  if (confidence < 0.4)
    return { label: 'Unclassified', tier: 'embedding', confidence, note: 'low-confidence' };
  const other = LABELS[Math.floor(random() * 4)]?.[0] ?? right;
  return { label: random() < confidence ? right : other, tier: 'embedding', confidence };
}
