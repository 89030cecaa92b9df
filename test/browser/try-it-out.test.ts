import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../support/app.js';
import { launchBrowser } from '../support/browser.js';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

let page: Page;
/** The part of /docs about POST /classify, with "Try it out" on. */
let operation: Locator;

beforeEach(async () => {
  const { url } = await listen();
  const opened = await browser.newPage();
  onTestFinished(() => opened.close());
  page = opened;
  await page.goto(`${url}/docs`);
  operation = page.locator('#operations-classify-classify');
  await operation.locator('.opblock-summary-control').click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
});

async function choose(mediaType: string): Promise<void> {
  await operation.locator('.opblock-section-request-body select.content-type').selectOption(mediaType);
}

/** Sends the request, and returns what the server answered. */
async function execute(): Promise<{ status: number; answer: string }> {
  const response = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await operation.getByRole('button', { name: 'Execute' }).click();
  const answer = await response;
  return { status: answer.status(), answer: await answer.text() };
}

const file = { name: 'app.csv', mimeType: 'text/csv', buffer: Buffer.from('source,log_message\nA,one\n') };
const line = 'Nov 26 05:00:01 web1 sshd[812]: Accepted publickey for deploy from 10.0.0.7 port 50022';

const examples: [string, RegExp][] = [
  ['application/json', /^\{"results":\[\{"target_label":"<User User123 logged in\.>".*"warnings":\[\]\}$/],
  ['text/csv', /^source,log_message,target_label\nModernCRM,User User123 logged in\.,<User User123/],
  ['text/plain', new RegExp(`^source,log_message,target_label\nsshd,${line.replace('[', '\\[')},<`)],
  ['application/x-ndjson', /^\{"source":"ModernCRM","log_message":"[^"]+","target_label":"<User User123/],
];

describe('"Try it out" on /docs', () => {
  it('sends the example of each kind of text', async () => {
    for (const [mediaType, expected] of examples) {
      await choose(mediaType);
      const { status, answer } = await execute();
      expect(answer).toMatch(expected);
      expect(status).toBe(200);
    }
  });

  it('sends a form with a file, and after it the example of another kind with a parameter', async () => {
    await choose('multipart/form-data');
    await operation.locator('input[type=file]').setInputFiles(file);
    expect(await execute()).toEqual({
      status: 200,
      answer: 'source,log_message,target_label\nA,one,<one>\n',
    });
    await choose('text/csv');
    await operation.locator('tr[data-param-name="details"] select').selectOption('true');
    expect((await execute()).answer).toMatch(/^source,log_message,target_label,tier,confidence,rule,note\n/);
  });
});
