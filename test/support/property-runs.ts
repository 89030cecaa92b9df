/**
 * How often a property is tried: `usual` times in `npm test`, fifty times as often in `npm run test:slow`, a tenth as
 * often for each mutant. The configurations of those two set PROPERTY_FACTOR.
 */
export function propertyRuns(usual: number): number {
  return Math.ceil(usual * Number(process.env.PROPERTY_FACTOR ?? 1));
}
