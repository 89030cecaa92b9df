/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { chromium } from 'playwright-core';
import { findBrowser } from '../find-browser.mjs';
import { delaysOf } from './delays.mjs';
import { get, post } from './job-client.mjs';
import { LoadFiles } from './load-files.mjs';
import { startServer } from './server-process.mjs';

/** @typedef {import('playwright-core').Page} Page */

/**
 * The result of the load `page`.
 * @typedef {object} PageResult
 * @property {number} rows
 * @property {number} shownMs from the end of the job until its result is on the screen
 * @property {readonly import('./delays.mjs').Delays[]} steps from a click until its answer is on the screen
 * @property {number} tabMegabytes the most memory that the tab had after a step, as Chromium's task manager counts it: without files that processes share
 */

/**
 * Measures the page in a real Chromium: a job that ends while it is shown, filters and pages of its result.
 * @param {import('./loads.mjs').Load} load
 * @param {import('./measure-csv.mjs').Surroundings} surroundings
 * @returns {Promise<PageResult>}
 * @throws Error if there is no browser
 */
export async function measurePage(load, { folder, options, say }) {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('No browser: run node scripts/ensure-browser.mjs');
  const file = await new LoadFiles(folder, load).make();
  const server = await startServer(folder, options.server);
  const line = { address: server.address, agent: new Agent({ keepAlive: true }) };
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    say('upload');
    const { id } = await post(line.address, file.path);
    say('labelling');
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${line.address}/#job=${id}`);
    const shownAt = /** @type {number} */ (await page.evaluate(shown));
    const { body } = await get(line, `/jobs/${id}`);
    say('filters and pages');
    const memory = () => memoryOfTab(browser);
    const measured = await measureSteps(page, options.quick ? 1 : 5, memory);
    return { rows: load.rows, shownMs: shownAt - Date.parse(body.finished ?? ''), ...measured };
  } finally {
    line.agent.destroy();
    await browser.close();
    await server.stop();
  }
}

/** Runs in the browser. Resolves with the time in ms at which the result has been painted. */
function shown() {
  return new Promise((resolve) => {
    const look = () => {
      if (document.querySelector('#results tbody') === null) requestAnimationFrame(look);
      else requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
    };
    look();
  });
}

/**
 * Uses the page as a person would.
 * @param {Page} page
 * @param {number} times how often each step is done
 * @param {() => Promise<number>} memory
 * @returns {Promise<Pick<PageResult, 'steps' | 'tabMegabytes'>>}
 */
async function measureSteps(page, times, memory) {
  /** @type {[name: string, selector: string, value?: string[]][]} */
  const kinds = [
    ['filter by label', '.bar[data-label]'],
    ['show more kinds', '#more'],
    ['filter by tier', 'select[name=tier]'],
    ['filter by source', 'select[name=source]'],
    ['order of kinds', 'select[name=sort]'],
    ['open a kind', '.opener[aria-expanded=false]'],
    ['more lines of a kind', '.opened-kind > div > button'],
  ];
  const steps = [];
  let tabMegabytes = await memory();
  for (const [name, selector] of kinds) {
    /** @type {number[]} */
    const delays = [];
    for (let i = 0; i < times; i += 1) {
      delays.push(...(await page.evaluate(useAll, selector)));
      tabMegabytes = Math.max(tabMegabytes, await memory());
    }
    steps.push(delaysOf(name, delays));
  }
  return { steps, tabMegabytes };
}

/**
 * Runs in the browser. Clicks the first ten elements of a kind one after the other, or chooses each option of a menu.
 * Returns for each the ms from the event until what it asks for has been painted.
 * @param {string} selector
 * @returns {Promise<number[]>}
 */
async function useAll(selector) {
  const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const isLoading = () =>
    document.querySelector('.listing[aria-busy], #more:disabled') !== null ||
    [...document.querySelectorAll('.opened-kind')].some((kind) => kind.textContent?.includes('Loading …'));
  /** @param {() => void} act */
  const timed = async (act) => {
    const rows = document.querySelectorAll('tr').length;
    const begin = performance.now();
    act();
    do await painted();
    while (isLoading() || (selector.includes('button') && document.querySelectorAll('tr').length === rows));
    return performance.now() - begin;
  };
  const delays = [];
  const count = Math.min(10, document.querySelectorAll(selector).length);
  for (let i = 0; i < count; i += 1) {
    const element = document.querySelectorAll(selector)[i] ?? document.querySelector(selector);
    if (element instanceof HTMLSelectElement) {
      const values = [...element.options].map(({ value }) => value);
      for (const value of [...values.slice(1, 10), values[0] ?? ''])
        delays.push(
          await timed(() => {
            const menu = /** @type {HTMLSelectElement} */ (document.querySelector(selector));
            menu.value = value;
            menu.dispatchEvent(new Event('change', { bubbles: true }));
          }),
        );
    } else if (element instanceof HTMLElement) delays.push(await timed(() => element.click()));
  }
  return delays;
}

/** Returns the private memory of the largest process that shows a page, in MB. */
async function memoryOfTab(/** @type {import('playwright-core').Browser} */ browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const sizes = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
  return Math.max(...sizes.map((kib) => (Number(kib) * 1024) / 1e6));
}
