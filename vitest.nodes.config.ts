import base from './vitest.config.js';

const [version = ''] = process.versions.node.split('.');

/** The tests of `npm run test:nodes`: those of `npm test`, with a report for each version of Node. */
export default {
  ...base,
  test: {
    ...base.test,
    reporters: ['default', ['json', { outputFile: `test-results/node-${version}.json` }]],
  },
};
