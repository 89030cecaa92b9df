import { expect, it } from 'vitest';
import { markdownReport } from '../../../src/evaluation/render/markdown-report.js';
import { hostile, sampleReport } from '../sample.js';

const data = { file: 'data.csv', sha256: 'ab'.repeat(32) };

async function linesOf(change: object = {}): Promise<string[]> {
  return markdownReport({ ...(await sampleReport()), ...change }, data).split('\n');
}

it('escapes text of the data', async () => {
  const mistake = {
    line: 2,
    source: 'a | b',
    message: hostile.message,
    expected: 'A',
    label: '[x](y)',
    tier: 'llm',
    confidence: null,
  };
  const lines = await linesOf({ worstMistakes: [mistake] });
  expect(lines).toContain(
    '| 2 | a &#124; b | &#60;script&#62;alert(1)&#60;/script&#62;&#60;/style&#62;&#60;/svg&#62;&#93;&#93;&#62;' +
      '&#60;img src&#61;x onerror&#61;"alert(2)"&#62;&#124;&#96;&#42;bold&#42;&#96; &#91;x&#93;(javascript:1)·new' +
      ' | A | &#91;x&#93;(y) | llm | - |',
  );
});

it.each([
  ['https://example.org', 'https&#58;//example.org'],
  ['www.example.org', 'www&#46;example.org'],
  ['a\\|b', 'a&#92;&#124;b'],
  [
    '@someone #1 $x$ ~~y~~ {{z}}',
    '&#64;someone &#35;1 &#36;x&#36; &#126;&#126;y&#126;&#126; &#123;&#123;z&#125;&#125;',
  ],
])('shows %j without a link, a mention or a formula', async (source, written) => {
  const part = { source, lines: 1, accuracy: 1, accuracyInterval: [0, 1] };
  const lines = await linesOf({ sources: [part] });
  expect(lines).toContain(`| ${written} | 1 | 100.0 % | 0.0 % to 100.0 % |`);
});

it('has as many cells in each row as its table has columns', async () => {
  const rows = (await linesOf()).filter((line) => line.startsWith('|'));
  const tables = rows.join('\n').split(/\n(?=.*\n\| ---)/);
  expect(tables).toHaveLength(9);
  for (const table of tables) {
    const widths = new Set(table.split('\n').map((row) => row.split('|').length));
    expect(widths.size).toBe(1);
  }
});

it('shows the same figures as the page', async () => {
  const report = await sampleReport();
  const text = markdownReport(report, data);
  expect(text).toContain(`| Macro-F1 | ${report.macroF1.toFixed(3)} |`);
  expect(text).toContain(`| SHA-256 of the data | ${data.sha256} |`);
  expect(text).toContain('| 0.4 (the head’s) | 292 | 94.5 % |');
});
