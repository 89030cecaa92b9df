import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { brokenRules, openPage, trySample, usePageServer } from '../support/page.js';

const setup = usePageServer();

interface Sent {
  log_message: string;
  label: string;
  source?: string;
}

/** Answers the calls of corrections as a server does that has them on. Returns what it was sent. */
async function keepCorrections(page: Page): Promise<Sent[]> {
  const kept: (Sent & { id: string; template: string; created: string; active: boolean })[] = [];
  const sent: Sent[] = [];
  await page.route('**/page.json', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), corrections: true } });
  });
  await page.route('**/corrections', async (route) => {
    if (route.request().method() === 'GET') return route.fulfill({ json: { corrections: kept } });
    const given = route.request().postDataJSON() as Sent;
    sent.push(given);
    const template = given.log_message.replace(/\d+/g, '<num>');
    kept.unshift({
      ...given,
      template,
      id: String(sent.length),
      created: new Date().toISOString(),
      active: true,
    });
    return route.fulfill({ status: 201, json: kept[0] });
  });
  await page.route('**/corrections/*', (route) => {
    kept.splice(0, 1);
    return route.fulfill({ status: 204 });
  });
  return sent;
}

async function openHeap(page: Page): Promise<void> {
  await page.getByRole('searchbox').fill('Worker started');
  await page.getByText('1 kind with 1 line', { exact: true }).waitFor();
  await page.locator('.opener').click();
}

it('a kind gets another label by one key, for its source if wanted, and Undo takes it back', async () => {
  const { page } = await openPage(setup.browser, 'about:blank');
  const sent = await keepCorrections(page);
  await page.goto(setup.server.url);
  await trySample(page);
  await openHeap(page);
  await page.getByRole('heading', { name: 'Wrong?' }).waitFor();
  expect(await brokenRules(page)).toEqual([]);
  await page.locator('.opener').focus();
  await page.keyboard.press('9');
  await page.locator('.of-label').getByText('System Notification').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.of-label s').waitFor({ state: 'detached' });
  await page.getByLabel('Only for lines from worker-3').check();
  await page
    .getByRole('button', { name: /Error$/ })
    .nth(1)
    .click();
  await page.getByText('if they come from worker-3').waitFor();
  const log_message = 'Worker started with 8192 MB of heap';
  expect(sent).toEqual([
    { log_message, label: 'System Notification' },
    { log_message, label: 'Error', source: 'worker-3' },
  ]);
});

it('corrections are listed, with an export and an undo for each', async () => {
  const { page } = await openPage(setup.browser, 'about:blank');
  await keepCorrections(page);
  await page.goto(setup.server.url);
  await trySample(page);
  await openHeap(page);
  await page
    .getByRole('button', { name: /User Action$/ })
    .last()
    .click();
  await page.getByText('Corrected.').waitFor();
  await page.getByRole('link', { name: 'Corrections' }).click();
  const exported = page.getByRole('link', { name: 'Export as CSV to train with' });
  expect(await exported.getAttribute('href')).toBe('/corrections?format=csv');
  expect(await brokenRules(page)).toEqual([]);
  await page.getByRole('button', { name: 'Undo the correction to User Action' }).click();
  await page.getByText('There are none.').waitFor();
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
