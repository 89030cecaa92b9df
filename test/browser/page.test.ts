import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';
import { launchBrowser } from '../support/browser.js';
import { projectFile } from '../support/dist.js';
import { startServer } from '../support/server.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Opens the page in a browser without JavaScript, and collects its console messages. */
async function openPage(url: string): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({ javaScriptEnabled: false, acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('requestfailed', (request) => {
    // A navigation that turns out to be a download is broken off.
    if (!request.isNavigationRequest()) complaints.push(request.url());
  });
  await page.goto(url);
  return { page, context, complaints };
}

const csvFile = (content: string, name = 'my logs.csv') => ({
  name,
  mimeType: 'text/csv',
  buffer: Buffer.from(content),
});

describe('The page, without script', () => {
  it('uploads a file and downloads it labelled, with a name derived from its own', async () => {
    const { url } = await listen();
    const { page, context, complaints } = await openPage(url);
    await page.getByLabel('Log file').setInputFiles(csvFile('source,log_message\nA,one\n'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Label this file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('my logs_classified.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe(
      'source,log_message,target_label\nA,one,<one>\n',
    );
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('downloads the detail columns with the second button', async () => {
    const { url } = await listen();
    const { page, context } = await openPage(url);
    await page.getByLabel('Log file').setInputFiles(csvFile('source,log_message\nA,one\n'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Label with details' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('A,one,<one>,rule,1,stub,');
    await context.close();
  });

  it('shows the error in a file and a link back', async () => {
    const { url } = await listen();
    const { page, context } = await openPage(url);
    const hostile = 'source,<img src=x onerror=alert(1)>\n';
    await page.getByLabel('Log file').setInputFiles(csvFile(hostile));
    await page.getByRole('button', { name: 'Label this file' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('log_message');
    expect(await page.locator('img').count()).toBe(0);
    await page.getByRole('link', { name: 'Back to the upload page' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Label your logs');
    await context.close();
  });

  it('sends nothing without a chosen file', async () => {
    const { url } = await listen();
    const { page, context } = await openPage(url);
    const sent: string[] = [];
    // The browser may still be asking for the icon.
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await page.getByRole('button', { name: 'Label this file' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    expect(sent).toEqual([]);
    await context.close();
  });

  it('explains what to do if the form is sent without a chosen file', async () => {
    const { url } = await listen();
    const { page, context } = await openPage(url);
    const form = (await page.content()).replace('required', '').replace('action="', `action="${url}`);
    await page.setContent(form);
    await page.getByRole('button', { name: 'Label this file' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('No file was chosen');
    await context.close();
  });

  it('gets the sample labelled by the real server', async () => {
    const { url } = await startServer();
    const { page, context } = await openPage(url);
    await page.getByLabel('Log file').setInputFiles(projectFile('resources/sample_logs.csv'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Label this file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('sample_logs_classified.csv');
    const labelled = await readFile(await download.path(), 'utf8');
    expect(await readFile(projectFile('README.md'), 'utf8')).toContain(labelled);
    await context.close();
  });

  it('is readable on a narrow screen and in dark mode', async () => {
    const { url } = await listen();
    const context = await browser.newContext({ viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
    const page = await context.newPage();
    await page.goto(url);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(320);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 21, 30)');
    await context.close();
  });

  it.each([320, 375])('shows the new column of the example on a screen of %i pixels', async (width) => {
    const { url } = await listen();
    const page = await browser.newPage({ viewport: { width, height: 700 } });
    await page.goto(url);
    for (const cell of await page.locator('.new').all()) {
      const { x, width: cellWidth } = (await cell.boundingBox()) ?? { x: NaN, width: NaN };
      expect(x).toBeGreaterThan(0);
      expect(x + cellWidth).toBeLessThan(width);
      await cell.click({ position: { x: cellWidth - 2, y: 2 } });
    }
    expect(await page.evaluate("document.querySelector('.scroll').scrollLeft")).toBe(0);
    await page.close();
  });

  it('has an icon, like every page of the server', async () => {
    const { url } = await listen();
    const page = await browser.newPage();
    const answer = await page.goto(`${url}/favicon.ico`);
    expect([answer?.status(), answer?.headers()['content-type']]).toEqual([200, 'image/vnd.microsoft.icon']);
    expect(await page.evaluate('document.images[0].naturalWidth')).toBe(32);
    await page.close();
  });

  it('is linked from the error page of GET /classify/', async () => {
    const { url } = await listen();
    const { page, context } = await openPage(url);
    const answer = await page.goto(`${url}/classify/`);
    expect([answer?.status(), answer?.headers().allow]).toEqual([405, 'HEAD, POST']);
    expect(await page.getByRole('alert').innerText()).toContain('open the upload page');
    await page.getByRole('link', { name: 'Back to the upload page' }).click();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Label your logs');
    await context.close();
  });

  it('links to documentation that loads without an error', async () => {
    const { url } = await listen();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${url}/docs`);
    await page.getByText('Label log lines').first().waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('The server, called by a host name over plain HTTP', () => {
  it('accepts a form of its own page', async () => {
    const { port } = await listen({ host: '127.0.0.1', allowedHosts: ['logs.test'] });
    const { page, context } = await openPage(`http://logs.test:${port}`);
    await page.getByLabel('Log file').setInputFiles(csvFile('source,log_message\nA,one\n'));
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Label this file' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toContain('A,one,<one>');
    await context.close();
  });

  it('refuses a host name that an attacker resolves to this address', async () => {
    const { port } = await listen({ host: '127.0.0.1', allowedHosts: ['logs.test'] });
    const { page, context } = await openPage(`http://evil.test:${port}`);
    expect(await page.getByRole('alert').innerText()).toContain('"evil.test" is not an allowed host name');
    await context.close();
  });
});

describe('A page of another site', () => {
  /** Starts another server whose page has a form that posts to the target. Returns its port. */
  async function listenWithForm(target: string): Promise<number> {
    const form = `<form method="post" enctype="multipart/form-data" action="${target}"><button>Win</button></form>`;
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end(form);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  it.each([
    ['an address of this machine', '127.0.0.1', 'evil.test'],
    ['the same address on another port', '127.0.0.1', '127.0.0.1'],
    ['a host name over plain HTTP', 'logs.test', 'evil.test'],
  ])('cannot post to %s', async (_, host, attacker) => {
    const { port, classifier } = await listen({ allowedHosts: ['logs.test'] });
    const attackerPort = await listenWithForm(`http://${host}:${port}/classify/`);
    const { page, context } = await openPage(`http://${attacker}:${attackerPort}`);
    await page.getByRole('button', { name: 'Win' }).click();
    expect(await page.getByRole('alert').innerText()).toContain('A page of another site sent this');
    expect(classifier.sessions).toEqual([]);
    await context.close();
  });
});
