/** What everything may use. It uses nothing of the folders above it. */
const GROUND = '(async|files|math)/|(config|errors|log-record|markup)\\.ts';

/**
 * For each folder of src/, what else of src/ it may import. docs/architecture.md shows the same as a picture.
 * @type {Record<string, string>}
 */
const MAY_IMPORT = {
  '(async|math)/': '(async|math)/',
  'files/': '(files|async)/|errors\\.ts',
  '(config|errors|log-record|markup)\\.ts': 'nothing',
  'text/': `text/|${GROUND}`,
  'formats/': `formats/|text/|${GROUND}`,
  'classifier/': `classifier/|${GROUND}`,
  'pipeline/': `pipeline/|formats/|text/|classifier/|${GROUND}`,
  'jobs/': `jobs/|pipeline/|formats/|text/|classifier/|${GROUND}`,
  'http/': `http/|jobs/|pipeline/|formats/|text/|classifier/|${GROUND}`,
  'labelled-data/': `labelled-data/|formats/|text/|${GROUND}`,
  'evaluation/metrics/': `evaluation/metrics/|${GROUND}`,
  'evaluation/': `evaluation/|labelled-data/|classifier/|${GROUND}`,
  'training/': `training/|evaluation/metrics/|labelled-data/|classifier/|${GROUND}`,
  'cli/': `cli/|(training|evaluation|labelled-data|pipeline|jobs|formats|text|classifier)/|(app|serve|shutdown|open-files)\\.ts|${GROUND}`,
  'app\\.ts': `(http|jobs|pipeline|classifier)/|${GROUND}`,
};

/** Code that must run without the web framework. */
const WITHOUT_FASTIFY =
  '^src/(async|files|math|text|formats|classifier|pipeline|labelled-data|evaluation|training)/';

/** `npm run lint` checks the imports with this. Type-only imports count too. */
export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder.replaceAll('\\', '')} points the wrong way`,
      severity: 'error',
      from: { path: `^src/${folder}` },
      to: { path: '^src/', pathNot: `^src/(${allowed})` },
    })),
    {
      name: 'no-fastify-here',
      severity: 'error',
      from: { path: WITHOUT_FASTIFY },
      to: { path: '^node_modules/(fastify|@fastify)' },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: '^node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.build.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
