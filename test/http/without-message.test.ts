import { expect, it } from 'vitest';
import { build } from '../support/app.js';

it('A record without a message is labelled as an empty one and comes back in its place', async () => {
  const { app, classifier } = await build();
  const response = await app.inject({
    method: 'POST',
    url: '/classify/?details=true',
    headers: { 'content-type': 'application/x-ndjson' },
    payload: '{"msg":"Pool is full"}\n{"span":"9c1"}\n{"msg":"Pool is free"}\n',
  });
  expect(response.statusCode).toBe(200);
  const answered = response.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(answered).toMatchObject([
    { msg: 'Pool is full' },
    { span: '9c1', target_label: '<>' },
    { msg: 'Pool is free' },
  ]);
  expect(classifier.asked).toEqual(['Pool is full', '', 'Pool is free']);
});
