import { describe, expect, it } from 'vitest';
import { hostileReport, hostileVerdicts, missedGoals } from '../../scripts/bench/hostile/hostile-report.mjs';
import { watchedFrom } from '../../scripts/bench/hostile/watch.mjs';
import { verdict } from '../../scripts/bench/verdict.mjs';

const GOOD = {
  attack: 'harmless',
  seconds: 20,
  loopDelayMs: 60,
  loopBlockedMs: 12,
  health: { asked: 900, failed: 0, max: 15 },
  ordinary: { tried: 20, admitted: 20, longestSeconds: 0.25 },
  peakMegabytes: 400,
  ended: null,
  note: '400 × 8',
  verdicts: [],
};
const late = verdict('ten new lines, p95', 1.5, 's', 'at most', 1);
const DEADLY = {
  ...GOOD,
  attack: 'deadly',
  loopDelayMs: null,
  loopBlockedMs: null,
  health: { asked: 43, failed: 40, max: 2600 },
  ordinary: { tried: 4, admitted: 1, longestSeconds: 15 },
  peakMegabytes: 4100,
  ended: 'SIGABRT',
  verdicts: late ? [late] : [],
};

describe('the goals of the hostile load', () => {
  it('are met if every figure is good', () => {
    expect(missedGoals(GOOD)).toEqual([]);
  });

  it.each([
    ['loop', { loopBlockedMs: 50.5 }],
    ['loop', { loopBlockedMs: null }],
    ['memory', { peakMegabytes: 701 }],
    ['process', { ended: '134' }],
    ['uploads', { ordinary: { tried: 20, admitted: 19, longestSeconds: 4 } }],
    ['uploads', { ordinary: { tried: 20, admitted: 20, longestSeconds: 5.1 } }],
    ['uploads', { ordinary: { tried: 0, admitted: 0, longestSeconds: null } }],
  ])('are missed in "%s" with %j', (goal, change) => {
    expect(missedGoals({ ...GOOD, ...change })).toEqual([goal]);
  });

  it('depend on the worst attack, and on the goals of single attacks', () => {
    const verdicts = hostileVerdicts([GOOD, DEADLY]);
    expect(verdicts.map(({ value, met }) => [value, met])).toEqual([
      [1, false],
      [Infinity, false],
      [4100, false],
      [Infinity, false],
      [1.5, false],
    ]);
    expect(hostileVerdicts([GOOD]).every(({ met }) => met)).toBe(true);
    expect(hostileVerdicts([])).toEqual([]);
  });
});

it('the report of the hostile load has a line for each attack, its notes and the goals', () => {
  const results = [GOOD, DEADLY];
  expect(hostileReport(results, hostileVerdicts(results).slice(0, 1))).toBe(`\
attack    loop max, ms  blocked, ms     health max, ms  peak RSS, MB  uploads in  longest wait, s          process                                            goals
harmless            60           12                 15           400    20 of 20             0.25            lives                                              met
deadly               -            -  2,600 (40 failed)         4,100      1 of 4          > 15.00  ended (SIGABRT)  MISSED: process, loop, memory, uploads, its own

harmless (20 s): 400 × 8
deadly (20 s): 400 × 8

goals                           value       goal
attacks that ended the process    1.0  at most 0  MISSED`);
});

it('the summary of ordinary clients has their largest latency, failures and longest wait', () => {
  const attempts = [
    { admitted: true, seconds: 0.2, tries: 1 },
    { admitted: false, seconds: 15, tries: 3 },
  ];
  expect(watchedFrom({ health: { delays: [3, 20, 5], failed: 2 }, attempts })).toEqual({
    health: { asked: 3, failed: 2, max: 20 },
    ordinary: { tried: 2, admitted: 1, longestSeconds: 15 },
  });
  expect(watchedFrom({ health: { delays: [], failed: 0 }, attempts: [] })).toEqual({
    health: { asked: 0, failed: 0, max: null },
    ordinary: { tried: 0, admitted: 0, longestSeconds: null },
  });
});
