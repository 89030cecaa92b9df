import { describe, expect, it } from 'vitest';
import { htmlPage, markup } from '../../src/http/pages/html-page.js';
import { labelsPage } from '../../src/http/pages/labels-page.js';
import { build } from '../support/app.js';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe.each([
  ['/labels', '<h1>Labels</h1>', '<span class="swatch"></span>Workflow Error</span></th>'],
  ['/health/ready', '<h1>The server is ready</h1>', '<th scope="row">Encoder</th><td>stub</td>'],
])('%s', (url, heading, row) => {
  it('is a page for a browser', async () => {
    const { app } = await build();
    const { statusCode, headers, body } = await app.inject({ url, headers: { accept: BROWSER } });
    expect([statusCode, headers['content-type'], headers.vary]).toEqual([
      200,
      'text/html; charset=utf-8',
      'accept',
    ]);
    expect(body).toContain(heading);
    expect(body).toContain(row);
    expect(body).not.toMatch(/<script>|style=|<style/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it.each(['*/*', 'application/json', undefined])('is JSON for a program with Accept: %s', async (accept) => {
    const { app } = await build();
    const answer = await app.inject({ url, headers: accept === undefined ? {} : { accept } });
    expect([answer.headers['content-type'], answer.headers.vary]).toEqual([
      'application/json; charset=utf-8',
      'accept',
    ]);
  });
});

it('the page and the JSON of /labels have different tags, and a browser gets 304 for its own', async () => {
  const { app } = await build();
  const page = await app.inject({ url: '/labels', headers: { accept: BROWSER } });
  const json = await app.inject('/labels');
  expect(page.headers.etag).not.toBe(json.headers.etag);
  const headers = { accept: BROWSER, 'if-none-match': String(page.headers.etag) };
  expect((await app.inject({ url: '/labels', headers })).statusCode).toBe(304);
});

it('the page of labels escapes names, definitions and examples', () => {
  const page = labelsPage({ labels: [{ name: '<b>', definition: '"&"', examples: ['<script>'] }] });
  expect(page).toContain('&lt;b&gt;</span></th><td class="text">&quot;&amp;&quot;</td>');
  expect(page).toContain('<li>&lt;script&gt;</li>');
});

it('a page escapes its title, and what is HTML stays HTML', () => {
  const page = htmlPage(
    'A & B',
    markup`<p>${markup`<b>${1}</b>`}${[markup`<i>x</i>`, markup`<i>${"'"}</i>`]}</p>`,
  );
  expect(page).toContain('<title>A &amp; B</title>');
  expect(page).toContain('<p><b>1</b><i>x</i>\n<i>&#39;</i></p>');
});
