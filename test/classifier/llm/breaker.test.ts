import { describe, expect, it } from 'vitest';
import { createBreaker } from '../../../src/classifier/llm/breaker.js';
import { LlmFailure } from '../../../src/classifier/llm/llm-failure.js';
import { createMemoryLogger } from './setup.js';

const broken = new LlmFailure('status', 500);

function setUp(failures = 2) {
  const clock = { ms: 0 };
  const logger = createMemoryLogger();
  const breaker = createBreaker({ failures, pauseMs: 1_000 }, { logger, now: () => clock.ms });
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

  it('starts counting anew after a success', () => {
    const { breaker, fail } = setUp();
    fail();
    breaker.enter()?.succeeded();
    fail();
    expect(breaker.ready()).toBe(true);
  });

  it('lets a single trial through after the pause', () => {
    const { breaker, clock, fail } = setUp();
    fail(2);
    clock.ms = 1_000;
    expect(breaker.enter()).toBeDefined();
    expect(breaker.enter()).toBeUndefined();
  });

  it('pauses again, without another word, when the trial fails', () => {
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

  it('lets another trial through when the first was given up', () => {
    const { breaker, clock, fail } = setUp();
    fail(2);
    clock.ms = 1_000;
    breaker.enter()?.released();
    expect(breaker.enter()).toBeDefined();
  });

  it('does not let late failures prolong the pause', () => {
    const { breaker, clock, fail } = setUp();
    const late = breaker.enter();
    fail(2);
    clock.ms = 900;
    late?.failed(broken);
    clock.ms = 1_000;
    expect(breaker.ready()).toBe(true);
  });

  it('closes when a late success shows that the LLM answers', () => {
    const { breaker, fail, logger } = setUp();
    const late = breaker.enter();
    fail(2);
    late?.succeeded();
    expect(breaker.ready()).toBe(true);
    expect(logger.entries.map(({ level }) => level)).toEqual(['warn', 'info']);
  });
});
