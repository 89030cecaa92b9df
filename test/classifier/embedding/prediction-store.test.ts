import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import {
  openPredictionStore,
  type PredictionStoreOptions,
} from '../../../src/classifier/embedding/prediction-store.js';

const ENTRY_BYTES = 32;
const A = { label: 'Error', confidence: 0.1 + 0.2 };
const B = { label: 'Fine', confidence: 1 / 3 };

/** A folder that does not exist yet, and a function that opens a store in it. */
async function storeFolder() {
  const parent = await mkdtemp(join(tmpdir(), 'predictions-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const dir = join(parent, 'made', 'when needed');
  const problems: unknown[] = [];
  const open = (changes: Partial<PredictionStoreOptions> = {}) =>
    openPredictionStore({
      dir,
      origin: ['encoder', 'head 1'],
      labels: ['Error', 'Fine'],
      onProblem: (problem) => problems.push(problem),
      ...changes,
    });
  /** The one file of the store. */
  const file = async () => join(dir, (await readdir(dir))[0] ?? '');
  return { dir, open, file, problems };
}

async function keep(
  open: () => ReturnType<typeof openPredictionStore>,
  predictions: Record<string, typeof A>,
) {
  const store = await open();
  for (const [template, prediction] of Object.entries(predictions)) store.add(template, prediction);
  await store.flush();
}

it('returns stored predictions bit for bit after a restart', async () => {
  const { open, problems } = await storeFolder();
  await keep(open, { 'disk <num> failed': A, '': B });
  await keep(open, { 'all is well': B, '\ud800': A });
  const store = await open();
  expect(store.size).toBe(4);
  expect(store.get('disk <num> failed')).toEqual(A);
  expect(store.get('')).toEqual(B);
  expect(store.get('all is well')).toEqual(B);
  expect(store.get('\ud801')).toBeUndefined();
  expect(problems).toEqual([]);
});

it('ignores a stored prediction whose confidence is NaN', async () => {
  const { open } = await storeFolder();
  await keep(open, { broken: { label: 'Error', confidence: NaN }, sound: A });
  const store = await open();
  expect([store.get('broken'), store.get('sound')]).toEqual([undefined, A]);
});

it('writes added predictions to disk without a flush', async () => {
  const { open, file } = await storeFolder();
  (await open()).add('x', A);
  while ((await readFile(await file()).catch(() => '')).length < ENTRY_BYTES) await new Promise(setImmediate);
  expect((await open()).get('x')).toEqual(A);
});

it('does not return predictions of another origin', async () => {
  const { open } = await storeFolder();
  await keep(open, { x: A });
  const other = await open({ origin: ['encoder', 'head 2'] });
  expect([other.size, other.get('x')]).toEqual([0, undefined]);
});

it('returns no prediction of an origin whose parts only join to the same text', async () => {
  const { open } = await storeFolder();
  await keep(() => open({ origin: ['a', 'bc'] }), { x: A });
  expect((await open({ origin: ['ab', 'c'] })).size).toBe(0);
  expect((await open({ origin: ['a', 'bc'] })).size).toBe(1);
});

it('does not write the text of a template', async () => {
  const { open, file } = await storeFolder();
  await keep(open, { 'user alice has left': A });
  const bytes = await readFile(await file());
  expect(bytes).toHaveLength(ENTRY_BYTES);
  for (const encoding of ['latin1', 'utf16le'] as const) expect(bytes.toString(encoding)).not.toMatch(/ali/);
});

it('removes an incomplete last entry and appends after the last complete one', async () => {
  const { open, file } = await storeFolder();
  await keep(open, { x: A });
  await appendFile(await file(), 'half a record');
  await keep(open, { y: B });
  expect((await stat(await file())).size).toBe(2 * ENTRY_BYTES);
  const store = await open();
  expect([store.get('x'), store.get('y')]).toEqual([A, B]);
});

it('ignores a damaged entry', async () => {
  const { open, file } = await storeFolder();
  await keep(open, { x: A, y: B });
  const intact = await readFile(await file());
  for (let bit = 0; bit < ENTRY_BYTES * 8; bit += 1) {
    const damaged = Buffer.from(intact);
    damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    await writeFile(await file(), damaged);
    const store = await open();
    expect([store.get('x'), store.get('y')]).toEqual([undefined, B]);
  }
});

it('keeps only the newest entries in memory and at most twice as many on disk', async () => {
  const { open, file } = await storeFolder();
  const openSmall = () => open({ maxEntries: 10 });
  const names = Array.from({ length: 19 }, (_, i) => `template ${String.fromCharCode(97 + i)}`);
  const store = await openSmall();
  for (const name of names) store.add(name, A);
  const known = [store.get('template i'), store.get('template j'), store.size];
  expect(known).toEqual([undefined, A, 10]);
  await store.flush();
  expect((await stat(await file())).size).toBe(19 * ENTRY_BYTES);
  const again = await openSmall();
  expect([again.get('template i'), again.get('template j'), again.size]).toEqual(known);
  await keep(openSmall, { more: A, andMore: A });
  expect((await stat(await file())).size).toBe(10 * ENTRY_BYTES);
  expect((await openSmall()).get('template l')).toEqual(A);
});

it('loses no prediction that is added during a write', async () => {
  const { open } = await storeFolder();
  const openSmall = () => open({ maxEntries: 10 });
  const store = await openSmall();
  const names = Array.from({ length: 200 }, (_, i) => `template ${i}`);
  await Promise.all(
    names.map((name) => {
      store.add(name, A);
      return store.flush();
    }),
  );
  const again = await openSmall();
  expect(names.slice(-10).map((name) => again.get(name))).toEqual(Array(10).fill(A));
});

it('writes a template once', async () => {
  const { open, file } = await storeFolder();
  await keep(open, { x: A });
  await keep(open, { x: A });
  expect((await stat(await file())).size).toBe(ENTRY_BYTES);
});

it('creates a file that only its own user can read', async () => {
  const { open, file } = await storeFolder();
  const openSmall = () => open({ maxEntries: 1 });
  await keep(openSmall, { x: A });
  expect((await stat(await file())).mode & 0o777).toBe(0o600);
  await keep(openSmall, { y: A, z: A });
  expect((await stat(await file())).mode & 0o777).toBe(0o600);
});

it('continues after its file is deleted', async () => {
  const { open, file, problems } = await storeFolder();
  const store = await open();
  store.add('x', A);
  await store.flush();
  await rm(await file());
  store.add('y', B);
  await store.flush();
  expect((await open()).get('y')).toEqual(B);
  expect(problems).toEqual([]);
});

it('reports once that it cannot write, and keeps its predictions', async () => {
  const { dir, open, problems } = await storeFolder();
  await keep(open, { x: A });
  const store = await open();
  await rm(dir, { recursive: true });
  await writeFile(dir, 'a file where the folder was');
  for (const template of ['y', 'z']) {
    store.add(template, B);
    await store.flush();
  }
  expect(store.get('x')).toEqual(A);
  expect(problems).toEqual([
    { file: expect.stringContaining(dir) as string, err: expect.any(Error) as Error },
  ]);
});

it('reports that it cannot be opened, and is empty', async () => {
  const { dir, open, problems } = await storeFolder();
  await rm(join(dir, '..'), { recursive: true, force: true });
  await writeFile(join(dir, '..'), 'a file where the folder should be');
  const store = await open();
  expect([store.size, problems.length]).toEqual([0, 1]);
  store.add('x', A);
  await store.flush();
  expect(problems).toHaveLength(1);
});

it('keeps all entries until the file has more than twice the maximum', async () => {
  const { open, file } = await storeFolder();
  const few = () => open({ maxEntries: 2 });
  await keep(few, { a: A, b: A, c: A, d: A });
  expect((await stat(await file())).size).toBe(4 * ENTRY_BYTES);
  await keep(few, { e: A });
  expect((await stat(await file())).size).toBe(2 * ENTRY_BYTES);
});

it('ignores a stored prediction whose label the head lacks', async () => {
  const { open } = await storeFolder();
  await keep(open, { odd: { label: 'Odd', confidence: 0.5 }, sound: A });
  const store = await open();
  expect([store.get('odd'), store.get('sound'), store.size]).toEqual([undefined, A, 1]);
});

it('adds nothing to its file for a template that it knows', async () => {
  const { open, file } = await storeFolder();
  const store = await open();
  store.add('x', A);
  store.add('x', B);
  await store.flush();
  expect([store.get('x'), (await stat(await file())).size]).toEqual([A, ENTRY_BYTES]);
});
