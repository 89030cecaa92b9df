/**
 * A measured figure with its goal, and whether the goal is met.
 * @typedef {object} Verdict
 * @property {string} figure
 * @property {number} value
 * @property {string} unit
 * @property {'at least' | 'at most' | 'below'} relation
 * @property {number} goal
 * @property {boolean} met
 */

/**
 * Compares a figure with its goal.
 * @param {string} figure its name
 * @param {number | null | undefined} value
 * @param {string} unit
 * @param {Verdict['relation']} relation
 * @param {number} goal
 * @returns {Verdict | undefined} undefined if the figure was not measured
 */
export function verdict(figure, value, unit, relation, goal) {
  if (value === undefined || value === null) return undefined;
  const met = { 'at least': value >= goal, 'at most': value <= goal, below: value < goal }[relation];
  return { figure, value, unit, relation, goal, met };
}
