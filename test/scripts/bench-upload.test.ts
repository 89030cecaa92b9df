import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFile } from '../support/dist.js';
import { upload } from '../../scripts/bench/upload.mjs';

const FILE = projectFile('resources/sample_logs.csv');

/** What the stand-in server answers. */
let answer: (response: ServerResponse) => void;
const server = createServer((request, response) => {
  request.resume().once('end', () => answer(response));
});
let address: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const labelled = (rows: number, length: number) => (response: ServerResponse) =>
  response.writeHead(200, { 'x-classified-rows': rows, 'content-length': length }).end('x'.repeat(length));

it('counts the rows of an answer, which may be shorter than a file of the user’s', async () => {
  answer = labelled(12, 100);
  expect((await upload(address, FILE)).rows).toBe(12);
});

it.each([
  ['is shorter than a file of our own can be', labelled(12, 100), 12, /has 100 bytes/],
  ['lacks rows', labelled(11, 5_000), 12, /11 of 12 rows/],
  ['has no rows', labelled(0, 5_000), undefined, /0 rows/],
  ['is an error', (response: ServerResponse) => response.writeHead(503).end('busy'), undefined, /503: busy/],
])('fails when the answer %s', async (_, send, rows, message) => {
  answer = send;
  await expect(upload(address, FILE, rows)).rejects.toThrow(message);
});
