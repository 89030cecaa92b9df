import { encodeTemplates } from '../../src/classifier/embedding/template-set.js';
import { FORMAT_VERSION, type HeadFile } from '../../src/classifier/embedding/head-file.js';
import { TEMPLATE_VERSION } from '../../src/classifier/template/template.js';

/** Returns the file text of a small valid head, by default for the fake encoder. */
export function headText(
  labels: readonly string[],
  { encoder = { id: 'fake', dimension: 1 }, templateVersion = TEMPLATE_VERSION, threshold = 0.5 } = {},
): string {
  const figures = { accuracy: 1, macroF1: 1, ece: 0, n: 1, recall: {} };
  const weights = [new Array<number>(encoder.dimension + 1).fill(0)];
  const content: HeadFile = {
    formatVersion: FORMAT_VERSION,
    labels: [...labels],
    encoder,
    templateVersion,
    vocabulary: { terms: [], weights: [], scale: 1 },
    threshold,
    unfamiliar: { knownShare: 0, confidence: 0 },
    calibration: { method: 'temperature', temperature: 1 },
    metrics: {
      leaveGroupsOut: null,
      randomSplit: figures,
      atThreshold: { coverage: 1, accuracy: 1 },
    },
    trainedOn: {
      files: ['0'.repeat(64)],
      rows: 1,
      templates: 1,
      templateHashes: encodeTemplates(['disk full']),
      groupedBy: 'source',
      seed: 1,
      c: 1,
    },
    model: {
      name: 'LogisticRegression',
      numSteps: 0,
      learningRate: 0,
      numberClasses: labels.length,
      classifiers: labels.map(() => ({ numSteps: 0, learningRate: 0, weights })),
    },
  };
  return JSON.stringify(content);
}
