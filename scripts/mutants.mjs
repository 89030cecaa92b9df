/**
 * The mutation run: changes the source in one place at a time and checks whether a test of that folder fails.
 * Usage: npm run test:mutants [-- <folder or file under src/> ...]
 * @example npm run test:mutants -- csv pipeline/read-ahead.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const FOLDERS = ['text', 'formats', 'pipeline', 'classifier', 'http'];

/** The minimum score of all mutated folders together, in percent. */
const MIN_SCORE = 85;

/**
 * Mutates a folder or file and counts the results.
 * @param {string} target below src/
 * @returns {Promise<Record<string, number>>} the number of mutants by Stryker's status
 */
async function mutate(target) {
  console.log(`\nsrc/${target}:`);
  const report = `test-results/mutants/${target.replaceAll('/', '-')}`;
  const env = { ...process.env, MUTATED: target, MUTANTS_REPORT: report };
  const stryker = spawn(process.execPath, ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run'], {
    env,
    stdio: 'inherit',
  });
  const [code] = await once(stryker, 'exit');
  if (code !== 0) throw new Error(`Stryker failed for src/${target}.`);
  /** @type {{ files: Record<string, { mutants: { status: string }[] }> }} */
  const { files } = JSON.parse(readFileSync(`${report}.json`, 'utf8'));
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { status } of Object.values(files).flatMap(({ mutants }) => mutants)) {
    counts[status] = (counts[status] ?? 0) + 1;
  }
  return counts;
}

/**
 * Computes the mutation score: how many of the valid mutants a test noticed, in percent.
 * @param {Record<string, number>} counts
 */
function scoreOf({ Killed = 0, Timeout = 0, Survived = 0, NoCoverage = 0 }) {
  const noticed = Killed + Timeout;
  const all = noticed + Survived + NoCoverage;
  return { noticed, all, score: all === 0 ? 100 : (100 * noticed) / all };
}

const given = process.argv.slice(2);
const targets = given.length > 0 ? given : FOLDERS;
const scores = [];
for (const target of targets) scores.push({ target, ...scoreOf(await mutate(target)) });

console.log('\nMutation score');
for (const { target, noticed, all, score } of scores) {
  console.log(`  src/${target}: ${score.toFixed(1)} % (${noticed} of ${all})`);
}
const [noticed, all] = [
  scores.reduce((sum, one) => sum + one.noticed, 0),
  scores.reduce((sum, one) => sum + one.all, 0),
];
const total = all === 0 ? 100 : (100 * noticed) / all;
console.log(`  together: ${total.toFixed(1)} %, at least ${MIN_SCORE} % are required`);
process.exitCode = total >= MIN_SCORE ? 0 : 1;
