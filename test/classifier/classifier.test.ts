import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier/classifier.js';
import { EncodeQueue } from '../../src/classifier/embedding/encode-queue.js';
import { EmbeddingTier } from '../../src/classifier/embedding/embedding-tier.js';
import type { Head } from '../../src/classifier/embedding/head.js';
import type { LlmTier } from '../../src/classifier/llm/llm-tier.js';
import type { ClassifierSnapshot } from '../../src/classifier/snapshot.js';
import { compileRules, type RuleSet } from '../../src/classifier/rules/rule-set.js';
import { FakeEncoder } from '../support/fake-encoder.js';
import { fakeHead } from '../support/fake-head.js';

const rulesFor = (label: string): RuleSet =>
  compileRules(
    JSON.stringify({ rules: [{ id: 'backup', pattern: 'Backup done', label, examples: ['Backup done'] }] }),
    {
      file: 'rules.json',
      labels: new Set([label]),
    },
  );

const catalogue = { version: 'labels', labels: [], names: new Set<string>() };

/** An embedding tier around a head with these changes. */
function tierOf(changes: Partial<Head>): EmbeddingTier {
  const head = { ...fakeHead(), ...changes };
  return new EmbeddingTier(new EncodeQueue(new FakeEncoder()), head, { cacheMaxBytes: 100_000 });
}

/** An LLM that knows the answers given, and nothing else. */
function llmThatKnows(answers: Record<string, string>): LlmTier & { asked: string[] } {
  const asked: string[] = [];
  const classify = (items: readonly { message: string }[]) => {
    asked.push(...items.map(({ message }) => message));
    return Promise.resolve(items.map(({ message }) => answers[message]));
  };
  return { asked, openSession: () => ({ classify }) };
}

function open({
  answers = {},
  confidence = 0.9,
}: { answers?: Record<string, string>; confidence?: number } = {}) {
  const encoder = new FakeEncoder();
  const llm = llmThatKnows(answers);
  const rules = { current: rulesFor('System Notification'), close: () => undefined };
  const queue = new EncodeQueue(encoder);
  const embedding = new EmbeddingTier(queue, fakeHead({ confidence }), { cacheMaxBytes: 100_000 });
  const llmSources = new Set(['legacycrm']);
  const close = () => Promise.resolve();
  const current: ClassifierSnapshot = { rules, embedding, llm, llmSources, catalogue, encoder };
  const snapshots = { current, close };
  return { encoder, llm, rules, snapshots, queue, classifier: createClassifier(snapshots) };
}

describe('createClassifier', () => {
  it('sends each record the cheapest trustworthy way and keeps their order', async () => {
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

  it('asks the LLM for its own sources only, white space around them and upper case aside', async () => {
    const { classifier, llm } = open({ answers: { x: 'Error' } });
    await classifier.classify([
      { source: ' LegacyCRM ', message: 'x' },
      { source: 'LEGACYcrm', message: 'z' },
      { source: 'legacycrm2', message: 'y' },
    ]);
    expect(llm.asked).toEqual(['x', 'z']);
  });

  it('lets rules and embedding answer for an LLM that cannot, and says so', async () => {
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

  it('claims nothing below the threshold of the head', async () => {
    const { classifier } = open({ confidence: 0.3 });
    expect(await classifier.classify([{ source: 'A', message: 'hm' }])).toEqual([
      { label: 'Unclassified', tier: 'embedding', confidence: 0.3, note: 'low-confidence' },
    ]);
  });

  it('says that the LLM was not asked rather than that the tier in its stead was unsure', async () => {
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

  it('keeps the rules that a session began with, whatever is loaded meanwhile', async () => {
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

  it('lets the LLM know of the signal, so that its requests end with it', () => {
    const { snapshots, llm } = open();
    const given: unknown[] = [];
    const openSession: LlmTier['openSession'] = (options) => {
      given.push(options.signal);
      return llm.openSession(options);
    };
    const { signal } = new AbortController();
    createClassifier({ ...snapshots, current: { ...snapshots.current, llm: { openSession } } }).session({
      signal,
    });
    expect(given).toEqual([signal]);
  });

  it('names the same parts with the same version, and each session with the version that it began with', () => {
    const { classifier, rules } = open();
    const [session, alike] = [classifier.session(), open().classifier.session()];
    const before = session.version;
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(alike.version).toBe(before);
    rules.current = rulesFor('Renamed');
    expect(classifier.session().version).not.toBe(before);
    expect(session.version).toBe(before);
  });

  it.each<[string, Partial<ClassifierSnapshot>]>([
    ['head', { embedding: tierOf({ version: 'other' }) }],
    ['label catalogue', { catalogue: { ...catalogue, version: 'other' } }],
    ['encoder', { encoder: Object.assign(new FakeEncoder(), { id: 'other' }) }],
    ['embeddings', { encoder: Object.assign(new FakeEncoder(), { fingerprint: 'other' }) }],
  ])('gives sessions another version with another %s', (_, changed) => {
    const { classifier, snapshots } = open();
    const before = classifier.session().version;
    const others = { ...snapshots, current: { ...snapshots.current, ...changed } };
    expect(createClassifier(others).session().version).not.toBe(before);
  });

  it('lets all parts of a session take turns with other sessions as one', async () => {
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

  it('gives nothing for nothing', async () => {
    expect(await open().classifier.classify([])).toEqual([]);
  });

  it('ends a session with the snapshot that it began with', async () => {
    const { classifier, snapshots, queue } = open();
    const session = classifier.session();
    const embedding = new EmbeddingTier(queue, fakeHead({ confidence: 0.7 }), { cacheMaxBytes: 100_000 });
    snapshots.current = { ...snapshots.current, embedding };
    const [before] = await session.classify([{ source: 'A', message: 'abc' }]);
    const [after] = await classifier.classify([{ source: 'A', message: 'abc' }]);
    expect([before?.confidence, after?.confidence]).toEqual([0.9, 0.7]);
  });
});
