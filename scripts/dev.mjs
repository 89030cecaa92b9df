/**
 * Compiles src/ and starts the server. Restarts it after every change of src/ that compiles.
 *
 *   npm run dev
 *
 * Ctrl-C stops both. Rules, labels and heads need no restart, because the server reloads them.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
/** Restarts run one after another: the port is free only when the previous server has exited. */
let lastRestart = Promise.resolve();
let isEnding = false;

const host = ts.createWatchCompilerHost(
  'tsconfig.build.json',
  {},
  ts.sys,
  ts.createEmitAndSemanticDiagnosticsBuilderProgram,
  (problem) => process.stderr.write(ts.formatDiagnosticsWithColorAndContext([problem], formatting())),
  (status, _newLine, _options, errors) => {
    console.error(ts.flattenDiagnosticMessageText(status.messageText, '\n'));
    // `errors` is set only after a compilation.
    if (errors === 0) lastRestart = lastRestart.then(restart);
  },
);
const watch = ts.createWatchProgram(host);

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, end);

async function restart() {
  await stopServer();
  if (isEnding) return;
  // Detached, so the server gets only the signal from here and not also the one from the terminal. A second signal would
  // abort its uploads.
  const started = spawn(process.execPath, ['dist/server.js'], { stdio: 'inherit', detached: true });
  server = started;
  started.once('exit', (code) => {
    if (server === started && !isEnding) {
      console.error(`The server exited with code ${code}. It will start again after the next change.`);
    }
  });
}

async function stopServer() {
  const running = server;
  server = undefined;
  if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
  const ended = once(running, 'exit');
  running.kill('SIGTERM');
  await ended;
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  watch.close();
  await lastRestart;
  await stopServer();
  process.exit();
}

/** @returns {ts.FormatDiagnosticsHost} */
function formatting() {
  return {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
}
