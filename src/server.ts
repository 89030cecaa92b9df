import { startServer } from './cli/serve.js';

await startServer();
