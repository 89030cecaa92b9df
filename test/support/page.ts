import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { projectFile } from './dist.js';
import { startServer, type ServerProcess } from './server.js';

/** A server with jobs, for all tests of a file. */
export async function startJobServer(
  env: Record<string, string> = {},
): Promise<ServerProcess & { stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  let end = (): Promise<void> => Promise.resolve();
  const server = await startServer({ DATA_DIR: folder, ...env }, undefined, (given) => (end = given));
  const stop = async (): Promise<void> => {
    await end();
    await rm(folder, { recursive: true });
  };
  return { ...server, stop };
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
