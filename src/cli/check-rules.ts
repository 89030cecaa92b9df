import { configDotenv } from 'dotenv';
import { HeadFileError, loadHead } from '../classifier/embedding/head.js';
import { builtInRulesFile, ConfigError, loadConfig } from '../config.js';
import { runCheckRules } from './check-rules-run.js';

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

try {
  configDotenv({ quiet: true });
  const config = loadConfig(process.env);
  const settings = {
    rulesFile: config.rulesFile ?? builtInRulesFile,
    labelsFile: config.labelsFile,
    headLabels: await headLabels(config.headFile),
    maxCellChars: config.maxCellChars,
  };
  const terminal = { out: (line: string) => console.log(line), err: (line: string) => console.error(line) };
  process.exitCode = await runCheckRules(process.argv.slice(2), settings, terminal);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
