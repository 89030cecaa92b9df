import { describe, expect, it } from 'vitest';
import { jobsReport, jobsVerdicts } from '../../scripts/bench/jobs-report.mjs';
import { csvLoad } from '../../scripts/bench/loads.mjs';
import { readOptions } from '../../scripts/bench/options.mjs';
import { reportOf } from '../../scripts/bench/report.mjs';
import { verdictsOn } from '../../scripts/bench/verdicts.mjs';

const NAIVE = { rows: 150, seconds: 1, rowsPerSecond: 150, ratio: 10 };
const result = (load: string, peak: number) => ({
  load,
  readySeconds: 1.5,
  peakMegabytes: { end: peak },
  naive: NAIVE,
});

describe('the command line of the bench', () => {
  it.each([
    [['--json'], true],
    [['--json', '--quick'], true],
    [['--json', 'out.json'], 'out.json'],
    [['--json=out.json'], 'out.json'],
    [[], undefined],
  ])('takes %j', (args, json) => {
    expect(readOptions(args).json).toBe(json);
  });

  it.each([
    [['--load', 'nothing'], '--load: nothing is not one of'],
    [['--rows', '1.5'], '--rows must be a whole number'],
    [['--seconds', '0'], '--seconds must be a number above 0'],
    [['--rule-share', '1'], '--rule-share must be less than 1'],
    [['--file', 'no/such.csv'], '--file: no/such.csv does not exist'],
    [['--server', 'no/server.js'], '--server: no/server.js does not exist'],
    [['--against', 'no/server.js'], '--against: no/server.js does not exist'],
    [['--pairs', '0.5'], '--pairs must be a whole number'],
    [['--slow'], "Unknown option '--slow'"],
  ])('refuses %j', (args, reason) => {
    expect(() => readOptions(args)).toThrow(reason);
  });

  it.each(['jobs', 'hostile'])('measures the load %s only when it is named', (load) => {
    expect(readOptions([]).loads).not.toContain(load);
    expect(readOptions(['--quick']).loads).not.toContain(load);
    expect(readOptions(['--load', load]).loads).toEqual([load]);
  });

  it('keeps the order of the loads and their sizes unless told otherwise', () => {
    const { loads, sizes, quick } = readOptions(['--load', 'mixed,repeats', '--rows', '3000']);
    expect(loads).toEqual(['repeats', 'mixed']);
    expect(csvLoad('mixed', { sizes, quick })).toMatchObject({ rows: 3000, templates: 2000, ruleShare: 0.4 });
    expect(csvLoad('fresh', { sizes, quick })).toMatchObject({ rows: 3000, templates: 3000 });
  });
});

describe('the report of the bench', () => {
  it('judges only the goals of the loads that were measured', () => {
    const verdicts = verdictsOn([result('interactive', 300), result('file', 800)]);
    expect(verdicts.map(({ figure, met }) => [figure, met])).toEqual([
      ['file, times the naive way', false],
      ['peak RSS, largest', false],
      ['ready, slowest start', true],
    ]);
  });

  it('has a column for each load and omits rows without figures', () => {
    const results = [result('interactive', 300), result('file', 800)];
    expect(reportOf(results, verdictsOn(results))).toBe(`\
                      interactive  file
ready, s                     1.50  1.50
times the naive way          10.0  10.0
naive: rows/s                 150   150
naive: rows labelled          150   150
peak RSS, MB                  300   800

goals                       value         goal
file, times the naive way    10.0  at least 12  MISSED
peak RSS, largest          800 MB  at most 700  MISSED
ready, slowest start        1.5 s      below 3     met`);
  });
});

describe('the report of jobs', () => {
  const question = { name: 'templates', count: 20, p50: 10, p95: 101, max: 120 };
  const jobs = {
    ...{ rows: 1000, uploadSeconds: 1, seconds: 2, rowsPerSecond: 500, resultSeconds: 3, peakMegabytes: 600 },
    questions: [question],
  };

  it('judges the 95th percentile of each question and the memory', () => {
    const verdicts = jobsVerdicts([jobs]);
    expect(verdicts.map(({ figure, met }) => [figure, met])).toEqual([
      ['jobs, templates, p95', false],
      ['jobs, peak RSS', true],
    ]);
    expect(jobsReport([jobs], verdicts)).toMatch(/templates +20 +10\.0 +101\.0 +120\.0/);
  });
});
