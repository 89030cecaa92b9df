import { fileURLToPath } from 'node:url';
import { loadLabels } from '../classifier/labels.js';
import { generateRows, toCsv } from '../training/source/generate.js';
import { writeFileAtomically } from '../files/write-file-atomically.js';
import { runCommand, type RunCommand } from './command.js';
import { withConfig } from './terminal.js';

const shipped = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** `log-classifier training-data`: generates resources/training_logs.csv from the family files in resources/training/. */
export const run: RunCommand = (args) =>
  withConfig(({ labelsFile }, terminal) =>
    runCommand({
      usage: 'Usage: npm run training-data',
      help: 'Generates resources/training_logs.csv from the family files in resources/training/.\n\nExample:\n  log-classifier training-data',
      args,
      parse: () => undefined,
      work: async () => {
        const rows = await generateRows(shipped('resources/training'), (await loadLabels(labelsFile)).names);
        await writeFileAtomically(shipped('resources/training_logs.csv'), toCsv(rows));
        terminal.out(`${rows.length} lines written to resources/training_logs.csv`);
      },
      showError: (text) => terminal.err.write(`${text}\n`),
    }),
  );
