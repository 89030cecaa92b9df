import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { link, links, packWorkbook, sheetList, sheetOf } from '../formats/xlsx/support.js';
import { brokenRules, labelFile, textFile, trySample, usePageServer } from '../support/page.js';

const setup = usePageServer();

const LOG =
  'source,log_message\nauth,Failed password for root from 203.0.113.4\ndb,Heap usage at 92% of 8192 MB\n';

/** Hands a file to the page as a browser does when a person drops or pastes it. */
async function handOver(page: Page, event: 'drop' | 'paste'): Promise<void> {
  await page.evaluate(`{
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(LOG)}], 'handed.csv'));
    const init = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
    document.body.dispatchEvent(new ${event === 'drop' ? 'DragEvent' : 'ClipboardEvent'}('${event}', init));
  }`);
}

describe('The page, empty', () => {
  it('breaks no rule of accessibility and loads nothing more after its first paint', async () => {
    const { page, complaints } = await setup.open();
    await page.getByText('Results are kept for 24 hours').waitFor();
    expect(await page.getByText('Nothing leaves this server').count()).toBe(1);
    expect(await brokenRules(page)).toEqual([]);
    const bytes = await page.evaluate(
      "performance.getEntriesByType('resource').reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)",
    );
    expect(bytes).toBeLessThan(150_000);
    const late = await page.evaluate(`(() => {
      const [{ startTime: painted }] = performance.getEntriesByType('paint');
      const assets = performance.getEntriesByType('resource').filter(({ name }) => /[.](js|css)$/.test(name));
      return assets.filter(({ startTime }) => startTime > painted).map(({ name }) => name);
    })()`);
    expect(late).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('labels lines as one types them', async () => {
    const { page, complaints } = await setup.open();
    await page
      .getByLabel('or paste lines')
      .fill('Failed password for root from 203.0.113.4\nUser ada logged in');
    const labels = page.getByRole('list', { name: 'Labels of these lines' });
    await labels.waitFor();
    expect(await labels.locator('.label').allInnerTexts()).toEqual(['Security Alert', 'User Action']);
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Open them as a log' }).click();
    await page.getByRole('heading', { name: 'pasted.log' }).waitFor();
    await page.getByText('2 lines · 2 kinds of line').waitFor();
    expect(complaints).toEqual([]);
  });

  it('labels the sample with one click', async () => {
    const { page, complaints } = await setup.open();
    await trySample(page);
    expect(await page.locator('.facts').innerText()).toContain('57 lines · 51 kinds of line');
    expect(await page.getByText('2 lines were labelled without the LLM').count()).toBe(1);
    expect(await page.title()).toBe('Done · sample.csv · Log classifier');
    expect(complaints).toEqual([]);
  });
});

describe('A file', () => {
  it.each(['drop', 'paste'] as const)('is taken by %s', async (event) => {
    const { page } = await setup.open();
    await page.getByText('Nothing leaves this server').waitFor();
    await handOver(page, event);
    await page.getByRole('heading', { name: 'handed.csv' }).waitFor();
    await page.getByRole('cell', { name: 'Heap usage at 92% of 8192 MB' }).waitFor();
  });

  it('is shown before it is sent: format, encoding, columns and first lines', async () => {
    const { page, complaints } = await setup.open();
    const rows = 'when,machine,words\n2026-01-01,a,Disk is full\n2026-01-01,b,Job 7 finished\n';
    await page.locator('#file').setInputFiles(textFile('odd.csv', rows));
    await page.getByText('Read as a table, utf-8.').waitFor();
    await page.getByLabel('Message').selectOption('words');
    await page.getByLabel('Source').selectOption('machine');
    await page.getByRole('columnheader', { name: 'Source (machine)' }).waitFor();
    expect(await page.locator('.sample tbody tr').first().innerText()).toBe('a\tDisk is full');
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: /^Label \d/ }).click();
    await page.getByText('2 lines · 2 kinds of line · 2 sources').waitFor();
    expect(complaints).toEqual([]);
  });

  it('may be compressed', async () => {
    const { page } = await setup.open();
    await labelFile(page, 'app.log.gz', gzipSync('Job 1 finished\nJob 2 finished\n'));
    expect(await page.locator('.facts').innerText()).toContain('2 lines · 1 kind of line');
  });

  it('that is a workbook is labelled from the sheet that was chosen', async () => {
    const row = (text: string): string =>
      `<row><c t="str"><v>log_message</v></c></row><row><c t="str"><v>${text}</v></c></row>`;
    const workbook = await packWorkbook({
      rows: row('Job 1 finished'),
      workbook: sheetList('name="May"', 'name="June"'),
      files: {
        'xl/_rels/workbook.xml.rels': links(
          link('rId1', 'worksheet', 'worksheets/sheet1.xml'),
          link('rId2', 'worksheet', 'worksheets/sheet2.xml'),
        ),
        'xl/worksheets/sheet2.xml': sheetOf(row('Disk is full')),
      },
    });
    const { page } = await setup.open();
    await page.locator('#file').setInputFiles(textFile('year.xlsx', Buffer.from(workbook)));
    await page.getByText('Job 1 finished').waitFor();
    await page.getByLabel('Sheet').selectOption('June');
    await page.getByText('Disk is full').waitFor();
    await page.getByRole('button', { name: /^Label \d/ }).click();
    await page.getByText('1 other sheet of the workbook was left out.').waitFor();
    await page.locator('.kind').getByText('Disk is full').waitFor();
  });

  it('that is not text is refused in place', async () => {
    const { page } = await setup.open();
    await page
      .locator('#file')
      .setInputFiles(textFile('cat.jpg', Buffer.from([255, 216, 255, 224, 0, 1, 0, 0])));
    await page.getByRole('alert').getByText('This is not a text file').waitFor();
    expect(await brokenRules(page)).toEqual([]);
  });

  it('with a ragged row is labelled without it, and the row can be downloaded', async () => {
    const { page } = await setup.open();
    await page.locator('#file').setInputFiles(textFile('ragged.csv', `${LOG}alone\n`));
    await page.getByText('1 line of the start cannot be read').waitFor();
    await page.getByRole('button', { name: /^Label \d/ }).click();
    await page.getByRole('alert').getByText('Line 4 has 1 cell').waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole('button', { name: 'Label the others' }).click();
    await page.getByText('1 line could not be read.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download them' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('ragged_rejected.csv');
  });

  it('without a known column is labelled when the column has been chosen', async () => {
    const { page } = await setup.open();
    await page.route('**/inspect*', (route) => route.abort());
    await page.locator('#file').setInputFiles(textFile('odd.csv', 'a,b\n1,Disk is full\n2,Job 7 finished\n'));
    await page.getByRole('button', { name: /^Label \d/ }).click();
    await page.getByLabel('The message is in').selectOption('b');
    await page.getByRole('button', { name: 'Label it', exact: true }).click();
    await page.getByText('2 lines · 2 kinds of line').waitFor();
  });
});
