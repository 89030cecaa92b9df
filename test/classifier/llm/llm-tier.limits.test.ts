import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { replies } from '../../support/groq-stand-in.js';
import { crm, distinct, gate, setUp } from './setup.js';

describe('the limits of an upload', () => {
  it('returns the labels that have arrived at the deadline, and none for the rest', async () => {
    const { tier, groq } = await setUp(
      {
        label: () => 'Error',
        respond: ({ logs }) => (logs[0]?.message.includes('xx') ? replies.hanging() : undefined),
      },
      { templatesPerRequest: 1, deadlineMs: 1_000 },
    );
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const items = distinct(2);
    const work = tier.openSession({}).classify(items);
    const { abandoned } = await groq.request(1);
    // When another upload gets the same label, the reply has arrived.
    expect(await tier.openSession({}).classify(items.slice(0, 1))).toEqual(['Error']);
    vi.advanceTimersByTime(1_000);
    expect(await work).toEqual(['Error', undefined]);
    await abandoned;
  });

  it('asks nothing more after the deadline, in later parts too', async () => {
    const { tier, groq, clock } = await setUp({ label: () => 'Error' }, { deadlineMs: 1_000 });
    const session = tier.openSession({});
    clock.ms = 5_000;
    expect(await session.classify([crm('first')])).toEqual(['Error']);
    clock.ms = 6_000;
    expect(await session.classify([crm('first'), crm('second')])).toEqual(['Error', undefined]);
    expect(groq.messages()).toEqual(['first']);
  });

  it('counts an attempt that the deadline aborts as a failure if it lasted long enough', async () => {
    const { tier, clock, groq, logger } = await setUp(
      { respond: replies.hanging },
      { deadlineMs: 300, breakerFailures: 1 },
    );
    const work = tier.openSession({}).classify([crm('x')]);
    await groq.request(0);
    clock.ms = 300;
    expect(await work).toEqual([undefined]);
    await groq.requests[0]?.abandoned;
    expect(logger.entries).toMatchObject([{ level: 'warn', details: { reason: 'timeout' } }]);
  });

  it('sends no more requests than the cap of an upload, over all its parts', async () => {
    const { tier, groq } = await setUp({ label: () => 'Error' }, { maxRequests: 3, templatesPerRequest: 2 });
    const session = tier.openSession({});
    const items = distinct(9);
    expect(await session.classify(items.slice(0, 4))).toEqual(['Error', 'Error', 'Error', 'Error']);
    const rest = await session.classify(items.slice(4));
    expect(rest).toEqual(['Error', 'Error', undefined, undefined, undefined]);
    expect(groq.requests).toHaveLength(3);
    expect(await tier.openSession({}).classify(items.slice(8))).toEqual(['Error']);
  });

  it('limits simultaneous requests over all uploads', async () => {
    const held = gate();
    const { tier, groq } = await setUp(
      { respond: () => held.opened },
      { concurrency: 2, templatesPerRequest: 1 },
    );
    const items = distinct(6);
    const works = [0, 3].map((from) => tier.openSession({}).classify(items.slice(from, from + 3)));
    await groq.request(1);
    expect(groq.requests).toHaveLength(2);
    held.open();
    expect((await Promise.all(works)).flat()).toEqual(items.map(() => 'Unclassified'));
  });
});

describe('a client that disconnects', () => {
  it('aborts its requests and rejects with the reason', async () => {
    const { tier, groq, logger } = await setUp({ respond: replies.hanging }, { breakerFailures: 1 });
    const client = new AbortController();
    const session = tier.openSession({ signal: client.signal });
    const work = session.classify([crm('x')]);
    const { abandoned } = await groq.request(0);
    client.abort(new Error('client left'));
    await expect(work).rejects.toThrow('client left');
    await abandoned;
    await expect(session.classify([])).rejects.toThrow('client left');
    expect(logger.entries).toEqual([]);
  });

  it('removes its requests from the queue', async () => {
    const held = gate();
    const { tier, groq } = await setUp({ respond: () => held.opened }, { concurrency: 1 });
    const patient = tier.openSession({}).classify([crm('patient')]);
    await groq.request(0);
    const client = new AbortController();
    const impatient = tier.openSession({ signal: client.signal }).classify([crm('impatient')]);
    client.abort(new Error('client left'));
    await expect(impatient).rejects.toThrow('client left');
    held.open();
    expect(await patient).toEqual(['Unclassified']);
    await tier.openSession({}).classify([crm('next')]);
    expect(groq.messages()).toEqual(['patient', 'next']);
  });

  it('does not abort a request that another client waits for', async () => {
    const held = gate();
    const { tier, groq } = await setUp({ label: () => 'Error', respond: () => held.opened });
    const client = new AbortController();
    const first = tier.openSession({ signal: client.signal }).classify([crm('shared')]);
    const second = tier.openSession({}).classify([crm('shared')]);
    await groq.request(0);
    client.abort(new Error('client left'));
    await expect(first).rejects.toThrow('client left');
    held.open();
    expect(await second).toEqual(['Error']);
    expect(groq.requests).toHaveLength(1);
  });

  it('leaves no aborted request for the next client to join', async () => {
    const { tier, groq } = await setUp({
      label: () => 'Error',
      respond: ({ number }) => (number === 0 ? replies.hanging() : undefined),
    });
    const client = new AbortController();
    const first = tier.openSession({ signal: client.signal }).classify([crm('shared')]);
    await groq.request(0);
    client.abort(new Error('client left'));
    await expect(first).rejects.toThrow('client left');
    expect(await tier.openSession({}).classify([crm('shared')])).toEqual(['Error']);
  });
});

describe('two uploads with the same question', () => {
  it('count the shared request against the cap of the one that started it', async () => {
    const held = gate();
    const { tier, groq } = await setUp(
      { label: () => 'Error', respond: () => held.opened },
      { maxRequests: 1 },
    );
    const [one, two] = [tier.openSession({}), tier.openSession({})];
    const first = one.classify([crm('shared')]);
    const second = two.classify([crm('shared'), crm('own')]);
    held.open();
    expect(await Promise.all([first, second])).toEqual([['Error'], ['Error', 'Error']]);
    expect(await one.classify([crm('another')])).toEqual([undefined]);
    expect(groq.requests).toHaveLength(2);
  });

  it('have separate deadlines: the second still waits when the first has reached its own', async () => {
    const held = gate();
    const { tier, groq, clock } = await setUp(
      { label: () => 'Error', respond: ({ number }) => (number === 0 ? undefined : held.opened) },
      { deadlineMs: 30_000 },
    );
    const early = tier.openSession({});
    await early.classify([crm('unrelated')]);
    clock.ms = 29_900;
    const first = early.classify([crm('shared')]);
    const second = tier.openSession({}).classify([crm('shared')]);
    expect(await first).toEqual([undefined]);
    held.open();
    expect(await second).toEqual(['Error']);
    expect(groq.messages()).toEqual(['unrelated', 'shared']);
  });
});
