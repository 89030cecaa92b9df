import { HeadFileError, loadHead } from '../classifier/embedding/head.js';
import { builtInRulesFile } from '../config.js';
import { runCheckRules } from './check-rules-run.js';
import { main } from './main.js';

/** The head's labels count as known; rules can be checked before there is a head. */
async function headLabels(file: string): Promise<readonly string[]> {
  try {
    return (await loadHead(file)).labels;
  } catch (error) {
    if (!(error instanceof HeadFileError)) throw error;
    console.error(`Only the labels of the label file are known: ${error.message}`);
    return [];
  }
}

await main(async (args, config, terminal) =>
  runCheckRules(
    args,
    {
      rulesFile: config.rulesFile ?? builtInRulesFile,
      labelsFile: config.labelsFile,
      headLabels: await headLabels(config.headFile),
      maxCellChars: config.maxCellChars,
    },
    terminal,
  ),
);
