import { runEvaluate } from './evaluate-run.js';
import { main } from './main.js';
import { measuredClassifier } from './measured-classifier.js';

await main((args, config, terminal) =>
  runEvaluate(
    args,
    {
      maxCellChars: config.maxCellChars,
      now: () => new Date(),
      openClassifier: measuredClassifier(config),
    },
    terminal,
  ),
);
