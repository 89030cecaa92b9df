import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEncoderPool } from '../../src/classifier/embedding/encoder-pool.js';
import type { LabelExplanation } from '../../src/classifier/embedding/head-explanation.js';
import { openClassifier, type OpenClassifier } from '../../src/classifier/open.js';
import type { EmbeddingExplanation, LogRecord, Note } from '../../src/classifier/types.js';
import { loadConfig } from '../../src/config.js';
import { workerFile } from '../support/dist.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { startGroqStandIn, STAND_IN_KEY, type StandIn } from '../support/groq-stand-in.js';
import { variedLines } from './varied-lines.js';

/** Opens a classifier with the shipped encoder, head and rules. */
function open(settings: { groqApiKey?: string; groqBaseUrl?: string } = {}): Promise<OpenClassifier> {
  const config = { ...loadConfig({}), ...settings };
  return openClassifier(config, {
    logger: new RecordingLogger(),
    llm: true,
    watch: false,
    openEncoder: () => openEncoderPool({ dir: config.encoderDir, threads: 1, workerFile }),
  });
}

let classifier: OpenClassifier;
beforeAll(async () => {
  classifier = await open();
});
afterAll(() => classifier.close());

const line = (message: string, source = 'site'): LogRecord => ({ source, message });

function sumOf({ constant, embedding, terms }: LabelExplanation): number {
  return terms.reduce((sum, { contribution }) => sum + contribution, constant + embedding);
}

/** Returns the note that follows from the limits of an explanation. */
function noteOf(explanation: EmbeddingExplanation | undefined): Note | undefined {
  if (!explanation) return undefined;
  const { labels, threshold, unfamiliar, knownShare } = explanation;
  const confidence = labels[0]?.confidence ?? NaN;
  if (confidence < threshold) return 'low-confidence';
  const isUnfamiliar = confidence < unfamiliar.confidence && knownShare < unfamiliar.knownShare;
  return isUnfamiliar ? 'unfamiliar' : undefined;
}

/** A line that no rule matches. */
const UNRULED = 'The greenhouse pump could not reach its controller: timed out';

describe('explain', () => {
  it('says for 200 lines what classify says, and its contributions add up to the scores', async () => {
    const records = variedLines(200);
    const labels = await classifier.classify(records);
    const tiers = new Set(labels.map(({ tier }) => tier));
    expect(tiers).toEqual(new Set(['rule', 'embedding']));
    for (const [i, record] of records.entries()) {
      const { classification, local, version } = await classifier.explain(record);
      expect(classification).toEqual(labels[i]);
      expect(version).toBe(classifier.version);
      for (const label of local?.embedding?.labels ?? []) {
        expect(Math.abs(sumOf(label) - label.score)).toBeLessThan(1e-6);
      }
    }
  });

  it('names the three likeliest labels with confidences that follow from the scores', async () => {
    const { classification, local } = await classifier.explain(line(UNRULED));
    const { labels = [], temperature = NaN, template, knownShare } = local?.embedding ?? {};
    const [first, second, third] = labels;
    expect(labels).toHaveLength(3);
    expect(first).toMatchObject({ label: classification?.label, confidence: classification?.confidence });
    const ratio = Math.exp(((first?.score ?? NaN) - (third?.score ?? NaN)) / temperature);
    expect((first?.confidence ?? NaN) / (third?.confidence ?? NaN)).toBeCloseTo(ratio, 6);
    expect(second?.confidence).toBeGreaterThanOrEqual(third?.confidence ?? NaN);
    expect(template).toBe(UNRULED);
    expect(knownShare).toBeGreaterThan(0.5);
  });

  it('lists the terms of the line, the largest contribution first', async () => {
    const { local } = await classifier.explain(line(UNRULED));
    const terms = local?.embedding?.labels[0]?.terms ?? [];
    expect(terms.map(({ term }) => term)).toEqual(expect.arrayContaining(['timed out', 'could not', ':']));
    const sizes = terms.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('has the limits that a note follows from', async () => {
    const records = variedLines(200).map(({ message }, i) =>
      line(i % 2 ? message : `quibbled ${message} zorkly`),
    );
    const labels = await classifier.classify(records);
    const noted = records.filter((_, i) => labels[i]?.note !== undefined);
    expect(new Set(labels.map(({ note }) => note)).size).toBe(3);
    for (const record of noted) {
      const { classification, local } = await classifier.explain(record);
      expect(classification?.note).toBe(noteOf(local?.embedding));
    }
  });

  it('names the rule and the part of the message that it matches', async () => {
    const { classification, local } = await classifier.explain(line('😀 note: User User7 logged in. ok'));
    expect(classification).toMatchObject({ tier: 'rule', rule: 'user-logged-in-or-out' });
    expect(local?.rule).toMatchObject({
      id: 'user-logged-in-or-out',
      matchedIn: 'message',
      text: 'User User7 logged in.',
      start: 9,
      end: 30,
    });
    expect(local).not.toHaveProperty('embedding');
  });

  it('counts the matched part in the wrapped message if the rule matches only there', async () => {
    const inner = 'Heap usage at 92%';
    const { local } = await classifier.explain(line(JSON.stringify({ msg: inner, level: 30 })));
    expect(local?.wrappedMessage).toBe(inner);
    expect(local?.rule).toMatchObject({ matchedIn: 'wrapped-message', text: inner, start: 0, end: 17 });
  });

  it('has the template of a wrapped message that no rule matches', async () => {
    const { local } = await classifier.explain(line(JSON.stringify({ level: 30, msg: UNRULED })));
    expect(local).toMatchObject({ wrappedMessage: UNRULED, embedding: { template: UNRULED } });
  });

  it('explains an empty message by no tier', async () => {
    const explanation = await classifier.explain(line(' \t', 'LegacyCRM'));
    const classification = { label: 'Unclassified', tier: 'none', confidence: null };
    expect(explanation).toEqual({ version: classifier.version, classification });
  });

  it('stops when the signal aborts', async () => {
    const gone = new Error('gone');
    const explained = classifier.explain(line(UNRULED), { signal: AbortSignal.abort(gone) });
    await expect(explained).rejects.toBe(gone);
  });
});

describe('explain for a source of the LLM', () => {
  const SECRET = 'Case 7324 is stuck, password=hunter2, call 10.0.0.7';
  const MASKED = 'Case 7324 is stuck, password=<secret>, call <ip>';

  async function openWithKey(): Promise<{ withKey: OpenClassifier; groq: StandIn }> {
    const groq = await startGroqStandIn({ label: () => 'Workflow Error' });
    onTestFinished(() => groq.close());
    const withKey = await open({ groqApiKey: STAND_IN_KEY, groqBaseUrl: groq.url });
    onTestFinished(() => withKey.close());
    return { withKey, groq };
  }

  it('says without a key what would be sent, and that rules and embedding labelled the line', async () => {
    const record = line(SECRET, 'LegacyCRM');
    const { classification, llm, local } = await classifier.explain(record);
    expect([classification]).toEqual(await classifier.classify([record]));
    expect(classification?.note).toBe('llm-unavailable');
    expect(llm).toMatchObject({ state: 'no-key', source: 'LegacyCRM', message: MASKED });
    expect(local?.classification).toEqual((await classifier.classify([line(SECRET)]))[0]);
  });

  it('does not ask the LLM, and says exactly what it would get', async () => {
    const { withKey, groq } = await openWithKey();
    const record = line(SECRET, ' legacycrm');
    const explained = await withKey.explain(record);
    expect(groq.requests).toEqual([]);
    expect(explained.classification).toBeUndefined();
    expect(explained).toMatchObject({ llm: { state: 'not-asked' }, local: { classification: {} } });
    expect(JSON.stringify(explained.llm)).not.toMatch(new RegExp(`hunter2|${STAND_IN_KEY}`));
    await withKey.classify([record]);
    const { source, message, model, instructions } = explained.llm ?? {};
    const [sent] = groq.requests;
    expect(sent?.logs).toEqual([{ index: 0, source, message }]);
    expect(sent?.body).toMatchObject({ model, messages: [{ content: instructions }, {}] });
  });

  it('has the label of the LLM once it has answered about such a line', async () => {
    const { withKey, groq } = await openWithKey();
    const record = line(SECRET, 'LegacyCRM');
    const [label] = await withKey.classify([record]);
    const { classification, llm } = await withKey.explain(record);
    expect(classification).toEqual(label);
    expect(classification).toMatchObject({ label: 'Workflow Error', tier: 'llm', confidence: null });
    expect(llm).toMatchObject({ state: 'answered', label: 'Workflow Error' });
    expect(groq.requests).toHaveLength(1);
  });
});

describe('the option top', () => {
  it('adds the likeliest labels to lines of the embedding tier and changes nothing else', async () => {
    const records = variedLines(40);
    const plain = await classifier.classify(records);
    const ranked = await classifier.classify(records, { top: 2 });
    for (const [i, { top, ...others }] of ranked.entries()) {
      expect(others).toEqual(plain[i]);
      if (others.tier === 'rule') expect(top).toBeUndefined();
      else expect(top?.map(({ confidence }) => confidence)).toEqual([others.confidence, expect.any(Number)]);
    }
    expect(await classifier.classify(records)).toEqual(plain);
  });

  it('has at most as many labels as the head', async () => {
    const [label] = await classifier.classify([line(UNRULED)], { top: 10 });
    const names = label?.top?.map((one) => one.label) ?? [];
    expect([...names].sort()).toEqual([...classifier.head.labels].sort());
    const total = label?.top?.reduce((sum, { confidence }) => sum + confidence, 0);
    expect(total).toBeCloseTo(1, 9);
  });
});
