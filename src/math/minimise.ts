import { addScaled, dot } from './vector.js';

/** A smooth convex function. Returns its value at `x` and writes its gradient into `gradient`, of the same length. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** The number of recent steps from which the curvature is estimated. */
const MEMORY = 10;
const MAX_STEPS = 500;
/** After this many halvings, a step is too small to change most values of `x`. */
const MAX_HALVINGS = 40;
/** Armijo's condition: a step must achieve this share of the decrease that the gradient predicts. */
const SUFFICIENT_DECREASE = 1e-4;
/** Steps with less curvature are not stored, so that the estimate stays positive definite. */
const MIN_CURVATURE = 1e-12;

/** A stored step: the change of `x`, the change of the gradient, and 1 over their inner product. */
interface Step {
  move: Float64Array;
  change: Float64Array;
  inverseCurvature: number;
}

/**
 * Minimises the objective from `start` by limited-memory BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4
 * and 7.5) with step halving. It is deterministic.
 *
 * It ends when the norm of the gradient has fallen to `tolerance` times its first value, or after 500 steps. It ends
 * earlier if rounding errors prevent any further decrease.
 * @returns the argument at the minimum, as a new array of the length of `start`
 */
export function minimise(objective: Objective, start: Float64Array, tolerance = 1e-6): Float64Array {
  let x: Float64Array = Float64Array.from(start);
  let gradient: Float64Array = new Float64Array(x.length);
  let value = objective(x, gradient);
  const goal = tolerance * norm(gradient);
  const memory: Step[] = [];

  for (let count = 0; count < MAX_STEPS && norm(gradient) > goal; count += 1) {
    const next = descend(objective, { x, gradient, value }, direction(gradient, memory), count === 0);
    if (!next) break;
    remember(memory, difference(next.x, x), difference(next.gradient, gradient));
    ({ x, gradient, value } = next);
  }
  return x;
}

/** An argument with the objective's value and gradient there. */
interface Point {
  x: Float64Array;
  gradient: Float64Array;
  value: number;
}

/** Halves the step until it decreases the value enough. Returns undefined if no step does. */
function descend(
  objective: Objective,
  from: Point,
  along: Float64Array,
  isFirst: boolean,
): Point | undefined {
  const slope = dot(along, from.gradient);
  // The first step has no estimate of the curvature, so its length is limited to 1.
  let size = isFirst ? Math.min(1, 1 / norm(from.gradient)) : 1;
  for (let halvings = 0; halvings < MAX_HALVINGS; halvings += 1, size /= 2) {
    const x = from.x.map((value, index) => value + size * (along[index] ?? 0));
    const gradient = new Float64Array(x.length);
    const value = objective(x, gradient);
    if (value <= from.value + SUFFICIENT_DECREASE * size * slope) return { x, gradient, value };
  }
  return undefined;
}

/** Returns the direction of descent: minus the gradient times the estimated inverse Hessian (two-loop recursion). */
function direction(gradient: Float64Array, memory: readonly Step[]): Float64Array {
  const result = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { move, change, inverseCurvature } of memory.toReversed()) {
    const share = inverseCurvature * dot(move, result);
    shares.push(share);
    addScaled(result, change, -share);
  }
  const last = memory.at(-1);
  if (last) scale(result, 1 / (last.inverseCurvature * dot(last.change, last.change)));
  for (const { move, change, inverseCurvature } of memory) {
    const share = shares.pop() ?? 0;
    addScaled(result, move, share - inverseCurvature * dot(change, result));
  }
  return result;
}

/** Stores a step and drops the oldest one above MEMORY. Changes `memory`. */
function remember(memory: Step[], move: Float64Array, change: Float64Array): void {
  const curvature = dot(move, change);
  if (curvature <= MIN_CURVATURE * dot(change, change)) return;
  memory.push({ move, change, inverseCurvature: 1 / curvature });
  if (memory.length > MEMORY) memory.shift();
}

function scale(target: Float64Array, factor: number): void {
  for (let index = 0; index < target.length; index += 1) target[index] = (target[index] ?? 0) * factor;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, index) => value - (b[index] ?? 0));
}

function norm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
