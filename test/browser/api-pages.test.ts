import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../support/app.js';
import { launchBrowser } from '../support/browser.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

it.each([
  ['/labels', 'Labels', 11],
  ['/health/ready', 'The server is ready', 5],
])('a browser shows %s as a table that everyone can read', async (address, heading, rows) => {
  const { url } = await listen();
  const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(url + address);
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(heading);
  expect(await page.getByRole('row').count()).toBe(rows);
  const width = await page.evaluate('document.documentElement.scrollWidth');
  expect(width).toBe(360);
  // Through the debugger: the page's own policy allows no such script.
  await page.evaluate(axe);
  const { violations } = await page.evaluate<{ violations: { id: string }[] }>('axe.run()');
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
});
