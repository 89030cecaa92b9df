import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { brokenRules, labelFile, textFile, usePageServer } from '../support/page.js';

const setup = usePageServer({ ENCODER_THREADS: '1' });

/** Every line is a kind of its own, so the encoder needs minutes: the job runs until it is cancelled. */
function endlessLog(): string {
  const words = [
    'disk',
    'user',
    'mail',
    'queue',
    'batch',
    'node',
    'fan',
    'power',
    'order',
    'lock',
    'page',
    'heap',
  ];
  const word = (number: number, at: number): string => words[Math.floor(number / 12 ** at) % 12] ?? '';
  return Array.from({ length: 20_736 }, (_, i) => [0, 1, 2, 3].map((at) => word(i, at)).join(' ')).join('\n');
}

async function startEndless(page: Page): Promise<void> {
  await page.locator('#file').setInputFiles(textFile('endless.log', endlessLog()));
  await page.getByRole('button', { name: /^Label \d/ }).click();
  await page.locator('.bars li').first().waitFor();
}

describe('A job that runs', () => {
  it('shows how far it is, is found again after a reload and in a second tab, and can be cancelled', async () => {
    const { page, complaints } = await setup.open();
    await startEndless(page);
    await page.getByText(/^[\d,]+ of about [\d,]+ lines/).waitFor();
    expect(await page.title()).toMatch(/^[\d.]+% · endless.log · Log classifier$/);
    expect(await brokenRules(page)).toEqual([]);
    await page.reload();
    await page.locator('.bars li').first().waitFor();
    const second = await page.context().newPage();
    await second.goto(page.url());
    await second.locator('.bars li').first().waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    for (const tab of [page, second]) await tab.getByRole('heading', { name: 'Cancelled' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('says in place that the server does not answer, and goes on when it does', async () => {
    const { page } = await setup.open();
    await startEndless(page);
    await page.route('**/events', (route) => route.fulfill({ status: 502, body: '' }));
    await page.route('**/jobs/*', (route) => route.abort());
    await page.reload();
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await page.unroute('**/jobs/*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The page keeps trying').waitFor();
    await page.unroute('**/events');
    await page.locator('.bars li').first().waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  });
});

describe('An upload', () => {
  it('that fails keeps the file and is sent again with one click', async () => {
    const { page } = await setup.open();
    await page.route('**/jobs', (route) => route.abort());
    await page.locator('#file').setInputFiles(textFile('kept.log', 'Job 1 finished\n'));
    await page.getByRole('button', { name: /^Label \d/ }).click();
    await page.getByRole('heading', { name: 'The server does not answer' }).waitFor();
    await page.unroute('**/jobs');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('1 line · 1 kind of line').waitFor();
  });
});

describe('The jobs of a browser', () => {
  it('are listed, opened and deleted', async () => {
    const { page, complaints } = await setup.open();
    await labelFile(page, 'first.log', 'Job 1 finished\n');
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('link', { name: 'first.log' }).click();
    await page.getByText('1 line · 1 kind of line').waitFor();
    await page.getByRole('link', { name: 'Jobs' }).click();
    await page.getByRole('button', { name: 'Delete first.log' }).click();
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Really delete first.log?' }).click();
    await page.getByText('There are none yet').waitFor();
    expect(complaints).toEqual([]);
  });

  it('are not those of another browser', async () => {
    const first = await setup.open();
    await labelFile(first.page, 'mine.log', 'Job 1 finished\n');
    const { page } = await setup.open('/#jobs');
    await page.getByText('There are none yet').waitFor();
  });

  it('that do not exist are reported with a way out', async () => {
    const { page } = await setup.open(`/#job=${'0'.repeat(32)}`);
    await page.getByRole('heading', { name: 'There is no such job' }).waitFor();
    await page.getByRole('link', { name: 'Show my jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs of this browser' }).waitFor();
  });
});
