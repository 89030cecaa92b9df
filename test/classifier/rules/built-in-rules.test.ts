import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLabels } from '../../../src/classifier/labels.js';
import { compileRules, type RuleSet } from '../../../src/classifier/rules/rule-set.js';

/** The rules of the tool that this product replaces, in their order. */
const legacyRules: [RegExp, string][] = [
  [/User User\d+ logged (in|out)./, 'User Action'],
  [/Backup (started|ended) at .*/, 'System Notification'],
  [/Backup completed successfully./, 'System Notification'],
  [/System updated to version .*/, 'System Notification'],
  [/Disk cleanup completed successfully./, 'System Notification'],
  [/System reboot initiated by user .*/, 'System Notification'],
  [/File .* uploaded successfully by user .*/, 'System Notification'],
  [/Account with ID .* created by .*/, 'User Action'],
];

let rules: RuleSet;
beforeAll(async () => {
  const file = 'resources/rules.json';
  const { names } = await loadLabels('resources/labels.json');
  rules = compileRules(await readFile(file, 'utf8'), { file, labels: names });
});

describe('the built-in rules', () => {
  it('have at least five examples and three counter-examples each', () => {
    const few = rules.rules.filter(
      ({ examples, counterExamples }) => new Set(examples).size < 5 || new Set(counterExamples).size < 3,
    );
    expect(few.map(({ id }) => id)).toEqual([]);
  });

  it('match their own examples with their own label', () => {
    for (const { label, examples } of rules.rules) {
      for (const example of examples) expect(rules.match(example)?.label, example).toBe(label);
    }
  });

  it.each([
    'User User123 logged in.',
    'User User123 logged out',
    'User User logged in.',
    'user User1 logged in.',
    'x User User1 logged inside',
    'Backup started at ',
    'Backup ended at\n7',
    'Backup completed successfully',
    'Backup completed successfully.',
    'Backup completed successfully\n',
    'System updated to version ',
    'Disk cleanup completed successfully!',
    'System reboot initiated by user ',
    'File  uploaded successfully by user ',
    'File a\nb uploaded successfully by user c',
    'File a uploaded successfully by user c\nd',
    'Account with ID 7 created by ',
    'Account with ID 7 created\nby x',
    'File x Account with ID 1 created by y uploaded successfully by user z',
    'Backup started at 2, User User3 logged in.',
    '"GET /a HTTP/1.1" 200 User User3 logged in.',
  ])('label %j as the legacy rules do', (message) => {
    const expected = legacyRules.find(([pattern]) => pattern.test(message))?.[1];
    expect(rules.match(message)?.label).toBe(expected);
  });

  it.each([
    ['a bare panic', 'The tenants panic: rent goes up'],
    ['an exception in passing', 'Retry after java.io.IOException in task 4'],
    ['a path and a number', 'Moved /data/200 to /data/404'],
    ['a method without a request', 'GET lock 200 after 3 ms'],
    ['a session that is not a log-in', 'tcp session opened for user space stack'],
    ['a percentage of something else', 'Discount usage reached 90%'],
    ['the empty message', ''],
  ])('leave %s to the embedding tier', (_, message) => {
    expect(rules.match(message)).toBeUndefined();
  });
});
