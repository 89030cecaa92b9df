import { chromium, type Browser } from 'playwright-core';
import { findBrowser } from '../../scripts/find-browser.mjs';

/** Starts the installed Chrome or Chromium. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('No browser: run node scripts/ensure-browser.mjs');
  // Root may not use Chromium's sandbox; the rest keeps it from looking for Google's servers.
  const args = ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-sync'];
  // Names of other machines, as far as the browser knows; both are this one.
  args.push('--host-resolver-rules=MAP logs.test 127.0.0.1, MAP evil.test 127.0.0.1');
  return await chromium.launch({ executablePath, args });
}
