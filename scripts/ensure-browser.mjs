/**
 * Sees to a browser for the tests of the page: an installed Chrome or Chromium, else Debian's package where we
 * are root, else a sentence that says what to install. CHROME_PATH names one that lies elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { findBrowser } from './find-browser.mjs';

const run = (/** @type {string} */ command, /** @type {string[]} */ args) =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });

function installFromDebian() {
  console.error('No Chrome or Chromium found; installing the Debian package chromium …');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
}

if (findBrowser() === undefined) {
  try {
    if (process.getuid?.() === 0) installFromDebian();
  } catch (error) {
    console.error(`The installation failed: ${error instanceof Error ? error.message : error}`);
  }
  if (findBrowser() === undefined) {
    console.error(
      'The tests need Chrome or Chromium. Install one (Debian: apt-get install chromium), or set CHROME_PATH to its program.',
    );
    process.exit(1);
  }
}
