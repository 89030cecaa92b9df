import { expect, it } from 'vitest';
import { problemPage } from '../../src/http/pages/problem-page.js';

it('the page of a problem has all its fields and escapes text of the client', () => {
  const page = problemPage({
    type: 'about:blank',
    title: 'A <title>',
    status: 400,
    code: 'csv_malformed',
    detail: `<b class="x">&'</b>`,
    request_id: 'id-7',
  });
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('<title>A &lt;title&gt;</title>');
  expect(page).toContain('<h1>A &lt;title&gt;</h1>');
  expect(page).toContain('<p role="alert">&lt;b class=&quot;x&quot;&gt;&amp;&#39;&lt;/b&gt;</p>');
  expect(page).toContain('Error 400, <code>csv_malformed</code>, request <code>id-7</code>');
  expect(page).toContain('href="/"');
});
