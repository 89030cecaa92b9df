import { runExam } from './exam-run.js';
import { main } from './main.js';
import { measuredClassifier } from './measured-classifier.js';

await main((args, config, terminal) => {
  const { maxCellChars } = config;
  return runExam(args, { maxCellChars, openClassifier: measuredClassifier(config) }, terminal);
});
