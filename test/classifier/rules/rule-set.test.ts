import { RE2Set } from 're2js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RuleFileError } from '../../../src/classifier/rules/rule-file.js';
import { compileRules, emptyRuleSet } from '../../../src/classifier/rules/rule-set.js';

const labels = new Set(['Error', 'Security Alert']);
const good = { id: 'disk-full', pattern: 'disk .* full', label: 'Error', examples: ['disk sda is full'] };

const compile = (...rules: unknown[]) => compileText(JSON.stringify({ rules }));
const compileText = (text: string) => compileRules(text, { file: 'rules.json', labels });

/** Literal patterns with `chars` characters in total. */
function literals(chars: number): string[] {
  const text = Array.from({ length: chars }, (_, at) => String.fromCharCode(97 + (at % 25))).join('');
  return text.match(/.{1,137}/g) ?? [];
}

function errorOf(text: string): RuleFileError {
  try {
    compileText(text);
  } catch (error) {
    if (error instanceof RuleFileError) return error;
    throw error;
  }
  throw new Error('The rules were accepted.');
}

describe('RuleSet.match', () => {
  it('labels a line with the first rule that matches', () => {
    const rules = compile({ ...good, id: 'first' }, { ...good, id: 'second', pattern: 'disk' });
    expect(rules.match('host-3: disk sdb is full!')?.id).toBe('first');
    expect(rules.match('disk sdb is empty')?.id).toBe('second');
    expect(rules.match('memory is full')).toBeUndefined();
  });

  it('finds rules with and without required literals', () => {
    const digits = { ...good, id: 'digits', pattern: '^[\\dA-F]+$', examples: ['42'] };
    const rules = compile(good, digits, {
      ...good,
      id: 'last',
      pattern: 'DEADDISK',
      examples: ['DEADDISK!'],
    });
    expect(rules.match('4711')?.id).toBe('digits');
    expect(rules.match('DEADDISK')?.id).toBe('last');
    expect(rules.match('disk 4711 full')?.id).toBe('disk-full');
  });

  it('adds an empty list of counter-examples to a rule without them', () => {
    expect(compile(good).rules).toEqual([{ ...good, counterExamples: [] }]);
  });

  it.each([
    ['a lone surrogate', '\ud800 disk \udc00 full'],
    ['NUL characters', 'disk \0\0 full\0'],
    ['a million characters', `disk ${'x'.repeat(1_000_000)} full`],
  ])('matches a message with %s', (_, message) => {
    expect(compile(good).match(message)?.id).toBe('disk-full');
  });

  it('takes linear time for a pattern with exponential backtracking', () => {
    const rules = compile({ ...good, pattern: '(a+)+$', examples: ['aaa'] });
    expect(rules.match(`${'a'.repeat(50_000)}b`)).toBeUndefined();
  });

  it.each([
    ['does not run the automaton for a message without required literals', ['disk full'], 0],
    ['does not run it either when the literals just fit into the tables', literals(40_000), 0],
    ['runs it when the literals do not fit into the tables', literals(40_001), 1],
    ['runs it when a pattern requires no literal', ['\\d|never'], 1],
  ])('%s', (_, patterns, times) => {
    const examples = (pattern: string) => [pattern.replace(/.*\|/, '')];
    const rules = compile(
      ...patterns.map((pattern, at) => ({ ...good, id: `r${at}`, pattern, examples: examples(pattern) })),
    );
    const match = vi.spyOn(RE2Set.prototype, 'match');
    onTestFinished(() => match.mockRestore());
    expect(rules.match('memory is low')).toBeUndefined();
    expect(match).toHaveBeenCalledTimes(times);
  });

  it('matches a message without literals only against the rules that require none', () => {
    const digits = { ...good, id: 'digits', pattern: '\\d{8}', examples: ['12345678'] };
    const rules = compile(good, digits);
    const match = vi.spyOn(RE2Set.prototype, 'match');
    onTestFinished(() => match.mockRestore());
    expect(rules.match('87654321')?.id).toBe('digits');
    expect(match.mock.results.map(({ value }) => value as unknown)).toEqual([[0]]);
  });

  it('accepts a rule whose pattern does not match its counter-examples', () => {
    const rule = { ...good, counterExamples: ['disk is empty'] };
    expect(compile(rule).rules).toEqual([rule]);
  });

  it('matches nothing when there are no rules', () => {
    expect(emptyRuleSet().match('disk sda is full')).toBeUndefined();
    expect(compile().rules).toEqual([]);
  });

  it('changes its version with the content', () => {
    expect(compile(good).version).toMatch(/^[0-9a-f]{16}$/);
    expect(compile(good).version).toBe(compile(good).version);
    expect(compile(good).version).not.toBe(compile({ ...good, id: 'full-disk' }).version);
  });

  it('reads a file with a byte order mark', () => {
    expect(compileText(`\uFEFF${JSON.stringify({ rules: [good] })}`).rules).toHaveLength(1);
  });

  it('keeps a byte order mark inside the file', () => {
    const examples = ['\uFEFFdisk full of it'];
    expect(compile({ ...good, pattern: 'disk full', examples }).rules[0]?.examples).toEqual(examples);
  });
});

describe('an invalid file', () => {
  const broken: [string, object, string | RegExp][] = [
    ['a backreference', { pattern: '(disk) \\1' }, /^its pattern is not RE2 syntax: .*\\1/],
    ['a lookahead', { pattern: 'disk(?= is)' }, /^its pattern is not RE2 syntax: /],
    ['an open group', { pattern: '(disk' }, /^its pattern is not RE2 syntax: /],
    ['a huge repetition', { pattern: '((disk){1000}){1000}' }, /^its pattern is not RE2 syntax: /],
    [
      'an unknown label',
      { label: 'Oops' },
      'its label "Oops" is unknown. Known labels: Error, Security Alert',
    ],
    [
      'an example that its pattern misses',
      { examples: ['disk'] },
      'its pattern does not match its example "disk"',
    ],
    [
      'a counter-example that its pattern matches',
      { counterExamples: ['disk not full'] },
      'its pattern matches its counter-example "disk not full"',
    ],
    ['an extra field', { colour: 'red' }, /^rules\.0: .*colour/],
    ['no example', { examples: [] }, /^rules\.0\.examples: /],
    ['an empty pattern', { pattern: '' }, /^rules\.0\.pattern: /],
  ];
  it.each(broken)('is refused for %s', (_, change, reason) => {
    const { problems } = errorOf(JSON.stringify({ rules: [{ ...good, ...change }] }));
    const expected: unknown = typeof reason === 'string' ? reason : expect.stringMatching(reason);
    expect(problems).toEqual([{ rule: 'disk-full', reason: expected }]);
  });

  it.each([
    ['{"rules": [\n  {"id": oops}\n]}', /^is not JSON: .*\(line 2, column 10\)$|^is not JSON: .*oops/s],
    ['{"rules": [\n', /^is not JSON: .*\(line 2, column 1\)$/],
    ['[]', /^the file: /],
    ['{}', /^rules: /],
    ['{"rules": ["a"]}', /^rules\.0: /],
    ['{"rules": [null]}', /^rules\.0: /],
    ['{\n "rules": [],\n   }\n\n', /^is not JSON: .*\(line 3, column 4\)$/s],
    ['[oops]\n\n', /^is not JSON: .*(is not valid JSON|\(line 1, column 2\))$/s],
    ['{"rules": [{"id": 7}]}', /^rules\.0\.id: /],
  ])('is refused for %j', (text, reason) => {
    const { problems } = errorOf(text);
    expect(problems[0]?.reason).toMatch(reason);
  });

  it('names no rule when the id is unknown', () => {
    expect(errorOf('{}').message).toMatch(/^rules\.json: rules: /);
    expect(errorOf('{"rules": [{"id": 7}]}').problems[0]?.rule).toBeUndefined();
  });

  it.each([
    ['completely up to 120 characters', 120, 'y'.repeat(120)],
    ['cut after 120 characters', 121, `${'y'.repeat(120)}…`],
  ])('quotes an example %s', (_, length, quoted) => {
    const { problems } = errorOf(JSON.stringify({ rules: [{ ...good, examples: ['y'.repeat(length)] }] }));
    expect(problems[0]?.reason).toBe(`its pattern does not match its example "${quoted}"`);
  });

  it('is refused for an id that is not kebab-case', () => {
    const { message } = errorOf(JSON.stringify({ rules: [{ ...good, id: 'Disk full' }] }));
    expect(message).toBe('rules.json: rule "Disk full": rules.0.id: must be kebab-case, such as "disk-full"');
  });

  it('is refused for a repeated id', () => {
    const { problems } = errorOf(JSON.stringify({ rules: [good, good, good] }));
    expect(problems).toEqual([{ rule: 'disk-full', reason: 'several rules have this id' }]);
  });

  it('lists all problems, also next to a rule that does not match the schema', () => {
    const misfit = { ...good, id: 'misfit', examples: 'none' };
    const lost = { ...good, id: 'lost', pattern: 'x{', label: 'Oops', examples: ['y'] };
    const { message, problems } = errorOf(JSON.stringify({ rules: [misfit, lost, good] }));
    expect(problems.map(({ rule }) => rule)).toEqual(['misfit', 'lost', 'lost']);
    expect(message.split('\n')[0]).toBe('rules.json has 3 problems:');
    expect(message).toContain('\n  - rule "lost": its label "Oops" is unknown');
  });
});

describe('the order of rules', () => {
  const wide = { ...good, id: 'wide', pattern: 'disk', label: 'Security Alert', examples: ['new disk'] };

  it('refuses an example that an earlier rule with another label matches', () => {
    const { problems } = errorOf(JSON.stringify({ rules: [wide, good] }));
    const reason = 'its example "disk sda is full" matches the earlier rule "wide" (Security Alert)';
    expect(problems).toEqual([{ rule: 'disk-full', reason }]);
  });

  it('refuses it also if that rule is not the first', () => {
    const other = { ...good, id: 'other', pattern: 'tape', examples: ['tape lost'] };
    const { problems } = errorOf(JSON.stringify({ rules: [other, wide, good] }));
    expect(problems.map(({ reason }) => reason)).toEqual([expect.stringContaining('earlier rule "wide"')]);
  });

  it('does not report a later rule for an example that its own rule misses', () => {
    const missing = { ...good, examples: ['new disk'] };
    const { problems } = errorOf(JSON.stringify({ rules: [missing, wide] }));
    const reason = 'its pattern does not match its example "new disk"';
    expect(problems).toEqual([{ rule: 'disk-full', reason }]);
  });

  it('accepts it if both labels are equal or the other rule comes later', () => {
    expect(compile({ ...wide, label: 'Error' }, good).match('disk sda is full')?.id).toBe('wide');
    expect(compile(good, wide).match('disk sda is full')?.id).toBe('disk-full');
  });
});
