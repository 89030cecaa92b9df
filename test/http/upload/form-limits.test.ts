import { expect, it } from 'vitest';
import { build } from '../../support/app.js';

/** Sends a form with this many text fields and then a file. */
async function sendForm(fields: number) {
  const { app } = await build();
  const field = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n';
  const file =
    '--b\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\nsource,log_message\nA,b\n\r\n';
  return app.inject({
    method: 'POST',
    url: '/classify',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    payload: `${field.repeat(fields)}${file}--b--\r\n`,
  });
}

it('accepts the number of text fields that the refusal of a larger form names', async () => {
  const refused = await sendForm(21);
  expect(refused.statusCode).toBe(413);
  const allowed = Number(/at most (\d+) text fields/.exec(refused.json<{ detail: string }>().detail)?.[1]);
  expect(allowed).toBe(20);
  expect((await sendForm(allowed)).statusCode).toBe(200);
});
