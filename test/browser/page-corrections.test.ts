import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { brokenRules, openPage, trySample, usePageServer } from '../support/page.js';

const setup = usePageServer();

interface Correction {
  log_message: string;
  label: string;
  source?: string;
}

/** Returns the corrections that the server keeps, newest first. */
async function kept(): Promise<Correction[]> {
  const answer = await fetch(`${setup.server.url}/corrections`);
  const { corrections } = (await answer.json()) as { corrections: Correction[] };
  return corrections.map(({ log_message, label, source }) => ({
    log_message,
    label,
    ...(source === undefined ? {} : { source }),
  }));
}

async function openHeap(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('Worker started');
  await page.getByText('1 kind with 1 line', { exact: true }).waitFor();
  await page.locator('.opener').click();
}

it('a kind gets another label by one key, for its source if wanted, and Undo takes it back', async () => {
  const { page, complaints } = await setup.open();
  await trySample(page);
  await openHeap(page);
  await page.getByRole('heading', { name: 'Wrong?' }).waitFor();
  expect(await brokenRules(page)).toEqual([]);
  await page.locator('.opener').focus();
  await page.keyboard.press('3');
  await page.locator('.of-label').getByText('Error', { exact: true }).waitFor();
  const log_message = 'Worker started with 8192 MB of heap';
  expect(await kept()).toEqual([{ log_message, label: 'Error' }]);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.of-label s').waitFor({ state: 'detached' });
  expect(await kept()).toEqual([]);
  await page.getByLabel('Only for lines from worker-3').check();
  await page.keyboard.press('3');
  await page.getByText('if they come from worker-3').waitFor();
  expect(await kept()).toEqual([{ log_message, label: 'Error', source: 'worker-3' }]);
  await page.keyboard.press('u');
  await page.locator('.of-label s').waitFor({ state: 'detached' });
  expect(await kept()).toEqual([]);
  expect(complaints).toEqual([]);
});

it('a correction acts on the file when it is labelled again', async () => {
  const { page } = await setup.open();
  await trySample(page);
  await openHeap(page);
  await page.locator('.opener').focus();
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'Label the file again' }).click();
  await page.locator('select[name=tier]').selectOption('corrected');
  await page.getByText('1 kind with 1 line', { exact: true }).waitFor();
  expect(await page.locator('.kind').innerText()).toMatch(/Error[^]*Worker started/);
});

it('corrections are listed, with an export and an undo for each', async () => {
  const { page } = await setup.open('/#corrections');
  await page.getByText('Worker started with').waitFor();
  const exported = page.getByRole('link', { name: 'Export as CSV to train with' });
  const [download] = await Promise.all([page.waitForEvent('download'), exported.click()]);
  expect(await readFile(await download.path(), 'utf8')).toContain(
    'Worker started with 8192 MB of heap,Error',
  );
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Undo the correction to Error' }).click();
  await page.getByText('There are none.').waitFor();
  expect(await kept()).toEqual([]);
});

it('a server without corrections shows nothing of them', async () => {
  const { page } = await openPage(setup.browser, 'about:blank');
  await page.route('**/page.json', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      json: { ...((await answer.json()) as object), corrections: false, explain: false },
    });
  });
  await page.goto(setup.server.url);
  await trySample(page);
  await page.locator('.opener').first().click();
  await page.locator('.opened-kind tbody tr').first().waitFor();
  expect(await page.getByRole('heading', { name: /^Why|^Wrong/ }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Corrections' }).count()).toBe(0);
});
