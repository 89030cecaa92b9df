import { expect, it } from 'vitest';
import { markup, shown } from '../../../src/evaluation/render/markup.js';

it.each([
  [`<b title="x" id='y'>&`, '&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;'],
  [']]></style>', ']]&gt;&lt;/style&gt;'],
  ['\u0000\u001b[2J\uffff\ud800', '\ufffd\ufffd[2J\ufffd\ufffd'],
])('escapes %j', (text, escaped) => {
  expect(markup`<p>${text}</p>`.text).toBe(`<p>${escaped}</p>`);
});

it('inserts markup unchanged and rounds numbers', () => {
  const items = [1, 2 / 3].map((value) => markup`<li>${value}</li>`);
  expect(markup`<ul>${items}</ul>`.text).toBe('<ul><li>1</li><li>0.67</li></ul>');
});

it('marks empty text, masks line breaks and cuts long text', () => {
  expect([shown(' ', 10), shown('a\nb', 10), shown('abcdef', 4)]).toEqual(['(empty)', 'a·b', 'abc…']);
});
