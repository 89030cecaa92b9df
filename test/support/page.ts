import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { launchBrowser } from './browser.js';
import { projectFile } from './dist.js';
import { startServer, type ServerProcess } from './server.js';

/** A browser and a server with jobs, for all tests of a file. */
interface PageSetup {
  readonly browser: Browser;
  readonly server: ServerProcess;
  /** Opens the page of the server, as `openPage` does. */
  open(path?: string, options?: BrowserContextOptions): ReturnType<typeof openPage>;
}

/** Starts a browser and a server before the tests of a file, and ends them afterwards. */
export function usePageServer(env: Record<string, string> = {}): PageSetup {
  let browser: Browser | undefined;
  let server: ServerProcess | undefined;
  let end = (): Promise<void> => Promise.resolve();
  beforeAll(async () => {
    const starting = startServer(env, undefined, (given) => (end = given));
    [browser, server] = await Promise.all([launchBrowser(), starting]);
  });
  afterAll(async () => {
    await browser?.close();
    await end();
  });
  return {
    get browser() {
      if (!browser) throw new Error('The browser starts before the first test.');
      return browser;
    },
    get server() {
      if (!server) throw new Error('The server starts before the first test.');
      return server;
    },
    open(path = '', options = {}) {
      return openPage(this.browser, this.server.url + path, options);
    },
  };
}

/** Opens an address of the page with everything that the browser complains of. The page is closed after the test. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ acceptDownloads: true, locale: 'en-GB', ...options });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** Returns the rules of accessibility that the page breaks, as axe finds them. */
export async function brokenRules(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(projectFile('node_modules/axe-core/axe.min.js'), 'utf8'));
  return await page.evaluate(
    'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`))',
  );
}

/** A file for an input. */
export function textFile(
  name: string,
  content: string | Buffer,
): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
}

/** Chooses a file and labels it. Resolves when its result is shown. */
export async function labelFile(page: Page, name: string, content: string | Buffer): Promise<void> {
  await page.locator('#file').setInputFiles(textFile(name, content));
  await page.getByRole('button', { name: /^Label \d/ }).click();
  await page.locator('#results tbody').first().waitFor();
}

/** Shows the result of the sample. */
export async function trySample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Try the sample' }).click();
  await page.locator('#results tbody').first().waitFor();
}
