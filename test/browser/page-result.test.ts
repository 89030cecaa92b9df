import { readdir, readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../support/dist.js';
import { brokenRules, labelFile, trySample, usePageServer } from '../support/page.js';

const setup = usePageServer();

const count = (page: Page, text: string): Promise<void> => page.getByText(text, { exact: true }).waitFor();

describe('A result', () => {
  it('breaks no rule of accessibility, light and dark, with everything opened', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, complaints } = await setup.open('', { colorScheme });
      await trySample(page);
      await page.getByText('20 sources by label').click();
      await page.getByText('Download', { exact: true }).click();
      await page.locator('.opener').first().click();
      await page.getByRole('heading', { name: /^Why/ }).waitFor();
      expect(await brokenRules(page)).toEqual([]);
      expect(complaints).toEqual([]);
    }
  });

  it('is filtered by a click on a label, and a reload shows the same', async () => {
    const { page } = await setup.open();
    await trySample(page);
    await page.getByRole('button', { name: /^Security Alert/ }).click();
    await count(page, '5 kinds with 6 lines');
    expect(new Set(await page.locator('.of-label').allInnerTexts())).toEqual(new Set(['Security Alert']));
    await page.reload();
    await count(page, '5 kinds with 6 lines');
    await page.getByRole('button', { name: 'Remove the filter label: Security Alert' }).click();
    await count(page, '51 kinds with 57 lines');
  });

  it('is filtered by source, tier, confidence, time and search', async () => {
    const { page } = await setup.open();
    await trySample(page);
    await page.locator('select[name=source]').selectOption('auth');
    await count(page, '9 kinds with 10 lines');
    await page.locator('select[name=tier]').selectOption('rule');
    await count(page, '2 kinds with 3 lines');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('searchbox').fill('HEAP USAGE');
    await count(page, '2 kinds with 2 lines');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /^0.45 to 0.50: 1 line/ }).click();
    await count(page, '1 kind with 1 line');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page
      .getByRole('group', { name: /^Labels over time/ })
      .getByRole('button')
      .first()
      .click();
    await page.getByRole('heading', { name: 'Lines', exact: true }).waitFor();
    await page.locator('.lines tbody tr').nth(3).waitFor();
    expect(await page.locator('.lines tbody tr').count()).toBe(4);
  });

  it('shows the uncertain kinds first, and the lines of a kind with the reason for its label', async () => {
    const { page } = await setup.open();
    await trySample(page);
    await page.getByRole('button', { name: 'Show the uncertain first' }).click();
    const first = page.locator('.kind').first();
    await first.getByText('0.48').waitFor();
    await first.click();
    await page.getByRole('cell', { name: 'Volume vol-17 extended from 200 GB' }).waitFor();
    await page.getByRole('heading', { name: 'Why Resource Usage?' }).waitFor();
    expect(await page.locator('.likeliest .label').first().innerText()).toBe('Resource Usage');
    await page.locator('select[name=label]').selectOption('HTTP Status');
    await page.getByRole('button', { name: /GET .* status: 503/ }).click();
    await page.locator('.why mark').waitFor();
  });

  it.each(['CSV', 'CSV for Excel', 'NDJSON'])(
    'is downloaded as %s, all or filtered, byte for byte',
    async (format) => {
      const { page } = await setup.open();
      await trySample(page);
      await page.getByRole('button', { name: /^Error/ }).click();
      await count(page, '4 kinds with 6 lines');
      await page.getByText('Download', { exact: true }).click();
      for (const [part, lines] of [
        ['What is filtered', 6],
        ['All 57 lines', 57],
      ] as const) {
        const link = page.getByRole('group', { name: part }).getByRole('link', { name: format, exact: true });
        const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
        const bytes = await readFile(await download.path());
        const answer = await fetch(new URL((await link.getAttribute('href')) ?? '', setup.server.url));
        expect(bytes.equals(Buffer.from(await answer.arrayBuffer()))).toBe(true);
        expect(bytes.toString().trim().split('\n')).toHaveLength(format === 'NDJSON' ? lines : lines + 1);
      }
    },
  );

  it('of a file with labels shows agreement, and the lines of a pair', async () => {
    const { page } = await setup.open();
    await labelFile(
      page,
      'own.csv',
      'log_message,target_label\nHeap usage at 92% of 8192 MB,Error\nUser ada logged in,User Action\n',
    );
    await page.getByText('50.0% of 2 lines that had a label got the same one').waitFor();
    await page.getByRole('button', { name: 'In the file Error, given Resource Usage: 1 line' }).click();
    await page.getByText('in the file: Error', { exact: true }).first().waitFor();
    expect(await page.locator('.lines tbody tr').count()).toBe(1);
    expect(await brokenRules(page)).toEqual([]);
  });

  it('shows text of the log as text', async () => {
    const { page, complaints } = await setup.open();
    const hostile = '<img src=x onerror=alert(1)> failed';
    await labelFile(page, '<b>.csv', `source,log_message\n<i>x</i>,"${hostile}"\n`);
    await page.locator('.opener').click();
    await page.getByRole('cell', { name: hostile }).first().waitFor();
    expect(await page.locator('main img, main b, main i').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('The page', () => {
  it('can be used with the keyboard alone', async () => {
    const { page } = await setup.open();
    const tabTo = async (name: string): Promise<void> => {
      for (let i = 0; i < 60; i += 1) {
        await page.keyboard.press('Tab');
        const focused: string = await page.evaluate(
          'document.activeElement.ariaLabel + document.activeElement.textContent',
        );
        if (focused.includes(name)) return;
      }
      throw new Error(`Tab does not reach ${name}`);
    };
    await tabTo('Try the sample');
    await page.keyboard.press('Enter');
    await page.locator('.kind').first().waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await tabTo('Error');
    await page.keyboard.press('Space');
    await page.getByText('label: ').first().waitFor();
    await tabTo('‹');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.opened-kind').waitFor();
    await page.keyboard.press('Shift+Tab');
  });

  it('fits a phone of 320 pixels', async () => {
    const { page } = await setup.open('', { viewport: { width: 320, height: 640 } });
    const width = (): Promise<unknown> => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(320);
    await trySample(page);
    await page.locator('.opener').first().click();
    await page.locator('.opened-kind tbody tr').first().waitFor();
    expect(await width()).toBe(320);
    expect(await brokenRules(page)).toEqual([]);
    await page.getByText('Download', { exact: true }).click();
    const sheet = await page.locator('.sheet').boundingBox();
    expect([sheet?.x, sheet?.width]).toEqual([0, 320]);
  });

  it('keeps the theme that was chosen', async () => {
    const { page } = await setup.open('', { colorScheme: 'light' });
    const colour = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByRole('button', { name: 'Theme: System' }).click();
    await page.getByRole('button', { name: 'Theme: Light' }).click();
    await page.reload();
    expect(await colour()).toBe('rgb(16, 21, 30)');
    await page.goto(`${setup.server.url}/labels`);
    expect(await colour()).toBe('rgb(16, 21, 30)');
  });

  it('has small files', async () => {
    const names = (await readdir(projectFile('public'))).filter((name) => /[.](js|css)$/.test(name));
    expect(names).toContain('page.js');
    for (const name of names) {
      const text = await readFile(projectFile(`public/${name}`), 'utf8');
      expect(text.split('\n').length, name).toBeLessThanOrEqual(250);
    }
  });
});
