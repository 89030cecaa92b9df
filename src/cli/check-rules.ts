import { runCheckRules } from './check-rules-run.js';
import { main } from './main.js';

await main(runCheckRules);
