import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier/classifier.js';
import { correctionSet } from '../support/corrections.js';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { EmbeddingTier } from '../../src/classifier/embedding/embedding-tier.js';
import type { Head } from '../../src/classifier/embedding/head.js';
import type { LlmTier } from '../../src/classifier/llm/llm-tier.js';
import type { ClassifierSnapshot } from '../../src/classifier/snapshot.js';
import { compileRules, type RuleSet } from '../../src/classifier/rules/rule-set.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { fakeHead } from '../support/fake-head.js';
import { fakeSnapshot, noLlm } from '../support/fake-snapshot.js';

const rulesFor = (label: string): RuleSet =>
  compileRules(
    JSON.stringify({ rules: [{ id: 'backup', pattern: 'Backup done', label, examples: ['Backup done'] }] }),
    {
      file: 'rules.json',
      labels: new Set([label]),
    },
  );

const close = () => Promise.resolve();

/** An embedding tier around a head with these changes. */
function tierOf(changes: Partial<Head>): EmbeddingTier {
  const head = { ...fakeHead(), ...changes };
  return new EmbeddingTier(new EncodeQueue(new FakeEncoder()), head, { cacheMaxBytes: 100_000 });
}

/** An LLM tier that labels only these messages. `asked` lists all messages that it got. */
function fakeLlm(answers: Record<string, string>): LlmTier & { asked: string[] } {
  const asked: string[] = [];
  const classify = (items: readonly { message: string }[]) => {
    asked.push(...items.map(({ message }) => message));
    return Promise.resolve(items.map(({ message }) => answers[message]));
  };
  return { asked, openSession: () => ({ classify }), preview: noLlm };
}

function open({
  answers = {},
  confidence = 0.9,
}: { answers?: Record<string, string>; confidence?: number } = {}) {
  const encoder = new FakeEncoder();
  const llm = fakeLlm(answers);
  const rules = { current: rulesFor('System Notification'), close: () => undefined };
  const queue = new EncodeQueue(encoder);
  const embedding = new EmbeddingTier(queue, fakeHead({ confidence }), { cacheMaxBytes: 100_000 });
  const llmSources = new Set(['legacycrm']);
  const current = fakeSnapshot({ rules, embedding, llm, llmSources, encoder });
  const inUse = { current };
  return { encoder, llm, rules, inUse, queue, classifier: createClassifier(inUse, close) };
}

describe('createClassifier', () => {
  it('labels an empty message Unclassified by no tier, and asks neither LLM nor encoder', async () => {
    const { classifier, llm, encoder } = open();
    const results = await classifier.classify([
      { source: 'LegacyCRM', message: '' },
      { source: 'A', message: ' \t' },
    ]);
    const empty = { label: 'Unclassified', tier: 'none', confidence: null };
    expect(results).toEqual([empty, empty]);
    expect(llm.asked).toEqual([]);
    expect(encoder.asked).toEqual([]);
  });

  it('keeps the records of a session without LLM from the LLM, without a note', async () => {
    const { classifier, llm } = open({ answers: { 'Case 7 failed': 'Workflow Error' } });
    const [result] = await classifier.classify([{ source: 'LegacyCRM', message: 'Case 7 failed' }], {
      llm: false,
    });
    expect(llm.asked).toEqual([]);
    expect(result).toMatchObject({ tier: 'embedding' });
    expect(result).not.toHaveProperty('note');
  });

  it('sends each record to its tier and keeps the order of the records', async () => {
    const { classifier } = open({ answers: { 'Case 7 failed': 'Workflow Error' } });
    const results = await classifier.classify([
      { source: 'A', message: 'abc' },
      { source: 'LegacyCRM', message: 'Case 7 failed' },
      { source: 'A', message: 'Backup done' },
    ]);
    expect(results).toEqual([
      { label: 'length 3', tier: 'embedding', confidence: 0.9 },
      { label: 'Workflow Error', tier: 'llm', confidence: null },
      { label: 'System Notification', tier: 'rule', confidence: 1, rule: 'backup' },
    ]);
  });

  it('sends only the LLM’s sources to the LLM and ignores their case and surrounding white space', async () => {
    const { classifier, llm } = open({ answers: { x: 'Error' } });
    await classifier.classify([
      { source: ' LegacyCRM ', message: 'x' },
      { source: 'LEGACYcrm', message: 'z' },
      { source: 'legacycrm2', message: 'y' },
    ]);
    expect(llm.asked).toEqual(['x', 'z']);
  });

  it.each([
    ['escaped in JSON', '{"level":30,"msg":"Backup\\u0020done"}'],
    ['with colours in it', 'Backup \u001b[32mdone\u001b[0m'],
    ['in JSON in JSON', JSON.stringify({ log: '{"msg":"Backup\\u0020done"}\n', stream: 'stderr' })],
  ])('matches rules with the text that is wrapped in a message: %s', async (_, message) => {
    const [result] = await open().classifier.classify([{ source: 'A', message }]);
    expect(result).toMatchObject({ tier: 'rule', rule: 'backup' });
  });

  it('uses rules and embedding for records that the LLM does not label, and adds a note', async () => {
    const { classifier } = open();
    const results = await classifier.classify([
      { source: 'LegacyCRM', message: 'Backup done' },
      { source: 'LegacyCRM', message: 'abcd' },
    ]);
    expect(results).toEqual([
      { label: 'System Notification', tier: 'rule', confidence: 1, rule: 'backup', note: 'llm-unavailable' },
      { label: 'length 4', tier: 'embedding', confidence: 0.9, note: 'llm-unavailable' },
    ]);
  });

  it('labels corrected templates before the LLM, the rules and the embedding tier, without a note', async () => {
    const { inUse, llm, encoder } = open({ answers: { 'Case 7 failed': 'Workflow Error' } });
    const corrections = correctionSet('Case 1 failed', 'Backup done', 'abc 12');
    const classifier = createClassifier(inUse, close, () => corrections);
    const results = await classifier.classify([
      { source: 'LegacyCRM', message: 'Case 7 failed' },
      { source: 'A', message: '{"level":30,"msg":"Backup done"}' },
      { source: 'A', message: 'abc 345' },
      { source: 'A', message: ' ' },
    ]);
    const corrected = { label: 'Right', tier: 'corrected', confidence: 1 };
    expect(results.slice(0, 3)).toEqual([corrected, corrected, corrected]);
    expect(results[3]).toMatchObject({ tier: 'none' });
    expect([...llm.asked, ...encoder.asked]).toEqual([]);
  });

  it('keeps the corrections that were current when the session started, and their revision', async () => {
    let current = correctionSet('abc');
    const session = createClassifier(open().inUse, close, () => current).session();
    const { revision } = current;
    current = correctionSet();
    expect(session.corrections).toBe(revision);
    expect((await session.classify([{ source: 'A', message: 'abc' }]))[0]?.tier).toBe('corrected');
  });

  it('returns Unclassified below the threshold of the head', async () => {
    const { classifier } = open({ confidence: 0.3 });
    expect(await classifier.classify([{ source: 'A', message: 'hm' }])).toEqual([
      { label: 'Unclassified', tier: 'embedding', confidence: 0.3, note: 'low-confidence' },
    ]);
  });

  it('replaces the note low-confidence by llm-unavailable', async () => {
    const { classifier } = open({ confidence: 0.3 });
    expect(await classifier.classify([{ source: 'LegacyCRM', message: 'hm' }])).toEqual([
      { label: 'Unclassified', tier: 'embedding', confidence: 0.3, note: 'llm-unavailable' },
    ]);
  });

  it('runs one inference for all lines of a template', async () => {
    const { classifier, encoder } = open();
    const records = Array.from({ length: 100 }, (_, i) => ({ source: 'A', message: `job ${i} started` }));
    await classifier.classify(records);
    expect(encoder.asked.flat()).toEqual(['job <num> started']);
  });

  it('uses the rules that were current when the session started', async () => {
    const { classifier, rules } = open();
    const session = classifier.session();
    rules.current = rulesFor('Renamed');
    const record = { source: 'A', message: 'Backup done' };
    expect((await session.classify([record]))[0]?.label).toBe('System Notification');
    expect((await classifier.classify([record]))[0]?.label).toBe('Renamed');
  });

  it('rejects with the reason of an aborted signal', async () => {
    const { classifier, encoder } = open();
    const signal = AbortSignal.abort(new Error('client gone'));
    await expect(classifier.classify([{ source: 'A', message: 'x' }], { signal })).rejects.toThrow(
      'client gone',
    );
    expect(encoder.asked).toEqual([]);
  });

  it('passes the signal to the LLM tier', () => {
    const { inUse, llm } = open();
    const given: unknown[] = [];
    const openSession: LlmTier['openSession'] = (options) => {
      given.push(options.signal);
      return llm.openSession(options);
    };
    const { signal } = new AbortController();
    createClassifier({ current: { ...inUse.current, llm: { ...llm, openSession } } }, close).session({
      signal,
    });
    expect(given).toEqual([signal]);
  });

  it('has equal versions for equal parts, and keeps the version of a running session', () => {
    const { classifier, rules } = open();
    const [session, other] = [classifier.session(), open().classifier.session()];
    const before = session.version;
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(other.version).toBe(before);
    rules.current = rulesFor('Renamed');
    expect(classifier.session().version).not.toBe(before);
    expect(session.version).toBe(before);
  });

  it.each<[string, Partial<ClassifierSnapshot>]>([
    ['head', { embedding: tierOf({ version: 'other' }) }],
    ['label catalogue', { catalogue: { ...fakeSnapshot().catalogue, version: 'other' } }],
    ['encoder', { encoder: Object.assign(new FakeEncoder(), { id: 'other' }) }],
    ['embeddings', { encoder: Object.assign(new FakeEncoder(), { fingerprint: 'other' }) }],
  ])('has another version with another %s', (_, changed) => {
    const { classifier, inUse } = open();
    const before = classifier.session().version;
    const others = { current: { ...inUse.current, ...changed } };
    expect(createClassifier(others, close).session().version).not.toBe(before);
  });

  it('counts all calls of a session as one when sessions take turns', async () => {
    const { classifier, encoder } = open();
    const part = (name: string) =>
      Array.from({ length: 20 }, (_, i) => ({ source: 'A', message: `${name} ${'z'.repeat(i + 1)}` }));
    encoder.hold();
    const session = classifier.session();
    const parts = [part('first'), part('second')].map((records) => session.classify(records));
    const other = classifier.classify(part('other'));
    encoder.release();
    await Promise.all([...parts, other]);
    const firstOfTurn = encoder.asked.map(([template]) => template?.split(' ')[0]);
    expect(firstOfTurn).toEqual(['first', 'first', 'other', 'first', 'other']);
  });

  it('returns no classifications for no records', async () => {
    expect(await open().classifier.classify([])).toEqual([]);
  });

  it('keeps the snapshot of a running session', async () => {
    const { classifier, inUse, queue } = open();
    const session = classifier.session();
    const embedding = new EmbeddingTier(queue, fakeHead({ confidence: 0.7 }), { cacheMaxBytes: 100_000 });
    inUse.current = { ...inUse.current, embedding };
    const [before] = await session.classify([{ source: 'A', message: 'abc' }]);
    const [after] = await classifier.classify([{ source: 'A', message: 'abc' }]);
    expect([before?.confidence, after?.confidence]).toEqual([0.9, 0.7]);
  });
});
