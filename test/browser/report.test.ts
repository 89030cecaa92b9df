import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EvaluationReport } from '../../src/evaluation/evaluate.js';
import { barsPicture } from '../../src/evaluation/render/bars-picture.js';
import { confusionPicture } from '../../src/evaluation/render/confusion-picture.js';
import { reliabilityPicture } from '../../src/evaluation/render/reliability-picture.js';
import { riskCoveragePicture } from '../../src/evaluation/render/risk-coverage-picture.js';
import { writeReport } from '../../src/evaluation/render/write-report.js';
import { launchBrowser } from '../support/browser.js';
import { projectFile } from '../support/dist.js';
import { hostile, sampleReport } from '../evaluation/sample.js';

let browser: Browser;
let folder: string;
let address: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  const data = { file: `${hostile.label}.csv`, sha256: 'ab'.repeat(32) };
  address = pathToFileURL(
    await writeReport(folder, await sampleReport(), { data, measuredOn: '2026-01-31' }),
  ).href;
  await mkdir(projectFile('test-results'), { recursive: true });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

interface View {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
}

/** The report in a window of this width, with everything that the browser complains of. */
async function openReport({ width, colorScheme }: View): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => request.url() !== address && complaints.push(request.url()));
  await page.goto(address);
  return { page, complaints };
}

const pictures: [name: string, draw: (report: EvaluationReport) => string][] = [
  ['confusion', ({ confusion }) => confusionPicture(confusion)],
  ['labels', ({ perLabel }) => barsPicture(perLabel)],
  [
    'reliability',
    ({ reliability, embeddingEce }) => reliabilityPicture({ bins: reliability, error: embeddingEce }),
  ],
  ['risk and coverage', ({ riskCoverage }) => riskCoveragePicture(riskCoverage)],
];

const views: View[] = [1200, 360].flatMap((width) => [
  { width, colorScheme: 'light' },
  { width, colorScheme: 'dark' },
]);

describe.each(views)('The evaluation report, $width pixels wide, $colorScheme', (view) => {
  it('shows every picture, without browser errors and not wider than the window', async () => {
    const { page, complaints } = await openReport(view);
    const shown = await page.getByRole('img').all();
    expect(shown).toHaveLength(pictures.length);
    for (const picture of shown) {
      expect(await picture.isVisible()).toBe(true);
      const box = await picture.boundingBox();
      expect(box?.width).toBeGreaterThan(250);
      expect(box?.height).toBeGreaterThan(200);
    }
    const file = `report-${view.width}-${view.colorScheme}.png`;
    await page.screenshot({ path: projectFile(`test-results/${file}`), fullPage: true });
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(view.width);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('The evaluation report', () => {
  it('escapes hostile text', async () => {
    const { page } = await openReport({ width: 1200, colorScheme: 'light' });
    for (const text of [hostile.message.replace('\n', '·'), hostile.source, hostile.label]) {
      expect(await page.locator('main table').getByText(text, { exact: true }).count()).toBeGreaterThan(0);
    }
    expect(
      await page.locator('#confusion-matrix svg').getByText(hostile.label, { exact: true }).count(),
    ).toBe(2);
    expect(await page.title()).toBe(`Evaluation of ${hostile.label}.csv`);
    expect(await page.locator('script, img, b, svg svg').count()).toBe(0);
    await page.close();
  });

  it('forbids scripts and external resources by its content security policy', async () => {
    const { page } = await openReport({ width: 1200, colorScheme: 'light' });
    const violation = await page.evaluate(`new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.body.remove()' }));
    })`);
    expect(violation).toBe('script-src-elem');
    expect(await page.locator('main').isVisible()).toBe(true);
    await page.close();
  });

  it.each(pictures)('has a picture of its %s that is a valid standalone SVG file', async (name, draw) => {
    const file = join(folder, `${name}.svg`);
    await writeFile(file, draw(await sampleReport()));
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('parsererror').count()).toBe(0);
    expect((await page.locator('svg').boundingBox())?.width).toBeGreaterThan(250);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.paper')).fill")).toBe(
      'rgb(25, 33, 46)',
    );
    await page.close();
  });
});
