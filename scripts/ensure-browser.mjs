/**
 * Makes sure that the browser tests have a browser: an installed Chrome or Chromium, or CHROME_PATH. As root on Debian it
 * installs the package chromium. Otherwise it exits with 1 and a message what to install.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBrowser } from './find-browser.mjs';
import { withSignOfLife } from './sign-of-life.mjs';

const run = promisify(execFile);

async function installFromDebian() {
  await run('apt-get', ['update', '-qq']);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
}

if (findBrowser() === undefined) {
  try {
    if (process.getuid?.() === 0) {
      console.log('No Chrome or Chromium found; installing the Debian package chromium …');
      await withSignOfLife(() => 'the installation', installFromDebian());
    }
  } catch (error) {
    console.error(`The installation failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (findBrowser() === undefined) {
    console.error(
      'The tests need Chrome or Chromium. Install one (Debian: apt-get install chromium), or set CHROME_PATH to its executable.',
    );
    process.exit(1);
  }
}
