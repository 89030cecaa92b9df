import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../../src/classifier/llm/breaker.js';
import { LlmFailure } from '../../../src/classifier/llm/llm-failure.js';
import { createMemoryLogger } from './setup.js';

const broken = new LlmFailure('status', 500);

function setUp(failures = 2, pauseMs = 1_000) {
  const clock = { ms: 0 };
  const logger = createMemoryLogger();
  const breaker = createBreaker({ failures, pauseMs }, { logger, now: () => clock.ms });
  const fail = (times = 1) => {
    for (let at = 0; at < times; at++) breaker.enter()?.failed(broken);
  };
  return { breaker, clock, logger, fail };
}

describe('breaker', () => {
  it('opens after the given number of failures in a row', () => {
    const { breaker, fail } = setUp();
    fail();
    expect(breaker.ready()).toBe(true);
    fail();
    expect(breaker.ready()).toBe(false);
    expect(breaker.enter()).toBeUndefined();
  });

  it('counts from zero after a success', () => {
    const { breaker, fail } = setUp();
    fail();
    breaker.enter()?.succeeded();
    fail();
    expect(breaker.ready()).toBe(true);
  });

  it('permits a single trial after the pause', () => {
    const { breaker, clock, fail } = setUp();
    fail(2);
    clock.ms = 1_000;
    const trial = breaker.enter();
    expect(trial).toBeDefined();
    expect([breaker.enter(), breaker.ready()]).toEqual([undefined, false]);
    trial?.succeeded();
    expect([breaker.enter(), breaker.enter()]).not.toContain(undefined);
  });

  it('permits no second trial when an attempt from before the pause is released', () => {
    const { breaker, clock, fail } = setUp();
    const late = breaker.enter();
    fail(2);
    clock.ms = 1_000;
    breaker.enter();
    late?.released();
    expect(breaker.ready()).toBe(false);
  });

  it('logs why it pauses and for how long, and does not log successes while closed', () => {
    const { breaker, fail, logger } = setUp();
    breaker.enter()?.succeeded();
    fail(2);
    const details = { reason: 'status', status: 500, failuresInARow: 2, pauseMs: 1_000 };
    expect(logger.entries).toEqual([{ level: 'warn', details, message: 'LLM paused' }]);
  });

  it.each([
    ['fifteen minutes', 1_000, 15 * 60_000],
    ['as long as for other failures if that is longer', 20 * 60_000, 20 * 60_000],
  ])('pauses for a refused key %s', (_, usualMs, pauseMs) => {
    const { breaker, clock } = setUp(2, usualMs);
    for (const from of [0, pauseMs]) {
      clock.ms = from;
      breaker.enter()?.failed(new LlmFailure('key-refused', 401));
      clock.ms = from + pauseMs - 1;
      expect(breaker.ready()).toBe(false);
      clock.ms = from + pauseMs;
      expect(breaker.ready()).toBe(true);
    }
  });

  it('pauses again without another log line when the trial fails', () => {
    const { breaker, clock, fail, logger } = setUp();
    fail(2);
    clock.ms = 1_000;
    fail();
    clock.ms = 1_999;
    expect(breaker.ready()).toBe(false);
    clock.ms = 2_000;
    expect(breaker.ready()).toBe(true);
    expect(logger.entries).toHaveLength(1);
  });

  it('permits another trial when the first was released', () => {
    const { breaker, clock, fail } = setUp();
    fail(2);
    clock.ms = 1_000;
    breaker.enter()?.released();
    expect(breaker.enter()).toBeDefined();
  });

  it('does not prolong the pause when an earlier attempt fails late', () => {
    const { breaker, clock, fail } = setUp();
    const late = breaker.enter();
    fail(2);
    clock.ms = 900;
    late?.failed(broken);
    clock.ms = 1_000;
    expect(breaker.ready()).toBe(true);
  });

  it('closes when an earlier attempt succeeds late', () => {
    const { breaker, fail, logger } = setUp();
    const late = breaker.enter();
    fail(2);
    late?.succeeded();
    expect(breaker.ready()).toBe(true);
    expect(logger.entries.map(({ level }) => level)).toEqual(['warn', 'info']);
    fail();
    expect(breaker.ready()).toBe(true);
  });
});
