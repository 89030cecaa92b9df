import { expect, it } from 'vitest';
import { htmlReport } from '../../../src/evaluation/render/html-report.js';
import { hostile, sampleReport } from '../sample.js';

const data = { file: `${hostile.label}.csv`, sha256: 'ab'.repeat(32) };

it('escapes all text of the data', async () => {
  const page = htmlReport(await sampleReport(), { data });
  for (const text of ['<script', '</style></svg>', ']]>', '<img', '<b>', 'onload=&#39;alert(3)&#39;>']) {
    expect(page).not.toContain(text);
  }
  expect(page).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt;&lt;/style&gt;&lt;/svg&gt;]]&gt;&lt;img src=x onerror=&quot;',
  );
  expect(page).toContain('<title>Evaluation of &lt;/title&gt;&lt;b&gt;&amp;amp;&quot;&#39;.csv</title>');
});

it('loads nothing and runs no script', async () => {
  const page = htmlReport(await sampleReport(), { data });
  expect(page).toContain(
    '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;">',
  );
  expect(page).not.toMatch(/<(script|link|img|iframe|object)\b|<[^>]* (src|on\w+)=|url\((?!#)/);
});

it('shows data, head and figures, and the date if it is given', async () => {
  const report = await sampleReport();
  const page = htmlReport(report, { data, measuredOn: '2026-01-31' });
  const accuracy = `${(report.accuracy * 100).toFixed(1)} %`;
  for (const text of [data.sha256, report.head.version, accuracy, '2026-01-31']) expect(page).toContain(text);
  expect(htmlReport(report, { data })).not.toContain('measured on');
});

it('has a caption for each table and a scope for each heading cell', async () => {
  const page = htmlReport(await sampleReport(), { data });
  expect(page.match(/<table>\n<caption>/g)).toHaveLength(page.match(/<table/g)?.length ?? 0);
  expect(page.match(/<th scope="/g)).toHaveLength(page.match(/<th /g)?.length ?? 0);
});

it('says so when there are no mistakes', async () => {
  const report = { ...(await sampleReport()), accuracy: 1, worstMistakes: [] };
  expect(htmlReport(report, { data })).toContain('<p>None.</p>');
});
