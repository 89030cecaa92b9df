import { expect, it } from 'vitest';
import { UploadPace } from '../../../src/http/upload/upload-pace.js';

const NOTHING_COMES = new Promise<never>(() => undefined);

it.each([
  [0, 'The upload brought nothing for 1 ms and was given up.'],
  [1000, 'The upload brought less than 1000 bytes a second for 1 ms and was given up.'],
])('An upload that is given up at a least rate of %i is told so', async (minBytesPerS, message) => {
  const pace = new UploadPace({ minBytesPerS, maxBehindMs: 1 });
  await expect(pace.waitFor(NOTHING_COMES)).rejects.toMatchObject({ code: 'upload_timeout', message });
});

it('An upload that is cut is told at which pace it would have kept its place', async () => {
  const pace = new UploadPace({ minBytesPerS: 0, maxBehindMs: 60_000 });
  const waiting = pace.waitFor(NOTHING_COMES);
  pace.cut();
  const message =
    'The upload brought less than 50000 bytes a second while others waited for its place. Send it again.';
  await expect(waiting).rejects.toMatchObject({ code: 'upload_timeout', message });
});
