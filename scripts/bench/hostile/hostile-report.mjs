import { aligned, shown, verdictTable } from '../text-table.mjs';
import { verdict } from '../verdict.mjs';

/** @typedef {import('./measure-attack.mjs').AttackResult} AttackResult */
/** @typedef {import('../verdict.mjs').Verdict} Verdict */

const MOST_LOOP_MS = 50;
const MOST_MEGABYTES = 700;
const MOST_ORDINARY_SECONDS = 5;

/**
 * Returns the names of the goals that an attack missed.
 * @param {AttackResult} result
 * @returns {string[]}
 */
export function missedGoals({ loopBlockedMs, peakMegabytes, ordinary, ended, verdicts }) {
  return [
    ...(ended === null ? [] : ['process']),
    ...(loopBlockedMs !== null && loopBlockedMs <= MOST_LOOP_MS ? [] : ['loop']),
    ...(peakMegabytes <= MOST_MEGABYTES ? [] : ['memory']),
    ...(longestWait(ordinary) <= MOST_ORDINARY_SECONDS ? [] : ['uploads']),
    ...verdicts.filter(({ met }) => !met).map(({ figure }) => figure),
  ];
}

/**
 * Compares the worst value of each figure with its goal, then adds the goals of single attacks.
 * @param {readonly AttackResult[]} results
 * @returns {Verdict[]}
 */
export function hostileVerdicts(results) {
  if (results.length === 0) return [];
  const worst = (/** @type {(result: AttackResult) => number} */ figure) => Math.max(...results.map(figure));
  return [
    verdict('attacks that ended the process', count(results), '', 'at most', 0),
    verdict(
      'loop blocked for longest, any attack',
      worst(({ loopBlockedMs }) => loopBlockedMs ?? Infinity),
      'ms',
      'at most',
      MOST_LOOP_MS,
    ),
    verdict(
      'peak RSS, any attack',
      worst(({ peakMegabytes }) => peakMegabytes),
      'MB',
      'at most',
      MOST_MEGABYTES,
    ),
    verdict(
      'longest wait of an ordinary upload, any attack',
      worst(({ ordinary }) => longestWait(ordinary)),
      's',
      'at most',
      MOST_ORDINARY_SECONDS,
    ),
    ...results.flatMap(({ verdicts }) => verdicts),
  ].filter((one) => one !== undefined);
}

/**
 * Returns the attacks as text: a table, a note for each attack, then the goals.
 * @param {readonly AttackResult[]} results
 * @param {readonly Verdict[]} verdicts
 */
export function hostileReport(results, verdicts) {
  const heading = [
    'attack',
    'loop max, ms',
    'blocked, ms',
    'health max, ms',
    'peak RSS, MB',
    'uploads in',
    'longest wait, s',
  ];
  const lines = results.map((result) => [
    result.attack,
    shown(result.loopDelayMs, 0),
    shown(result.loopBlockedMs, 0),
    healthCell(result.health),
    shown(result.peakMegabytes, 0),
    `${result.ordinary.admitted} of ${result.ordinary.tried}`,
    waitCell(result.ordinary),
    result.ended === null ? 'lives' : `ended (${result.ended})`,
    goalsCell(result),
  ]);
  const notes = results.map(({ attack, seconds, note }) => `${attack} (${shown(seconds, 0)} s): ${note}`);
  const table = aligned([[...heading, 'process', 'goals'], ...lines]);
  return `${table}\n\n${notes.join('\n')}\n\n${verdictTable(verdicts)}`;
}

function goalsCell(/** @type {AttackResult} */ result) {
  const missed = missedGoals(result);
  const own = missed.filter((name) => result.verdicts.every(({ figure }) => figure !== name));
  const names = own.length === missed.length ? own : [...own, 'its own'];
  return names.length === 0 ? 'met' : `MISSED: ${names.join(', ')}`;
}

function healthCell(/** @type {AttackResult['health']} */ { max, failed }) {
  return failed === 0 ? shown(max, 0) : `${shown(max, 0)} (${failed} failed)`;
}

function waitCell(/** @type {AttackResult['ordinary']} */ ordinary) {
  const refused = ordinary.admitted < ordinary.tried;
  return `${refused ? '> ' : ''}${shown(ordinary.longestSeconds, 2)}`;
}

/** Returns Infinity if no upload was tried or one was not admitted. */
function longestWait(/** @type {AttackResult['ordinary']} */ { tried, admitted, longestSeconds }) {
  return admitted < tried || longestSeconds === null ? Infinity : longestSeconds;
}

function count(/** @type {readonly AttackResult[]} */ results) {
  return results.filter(({ ended }) => ended !== null).length;
}
