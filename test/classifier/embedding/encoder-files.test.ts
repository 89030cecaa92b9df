import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEncoderPool } from '../../../src/classifier/embedding/encoder-pool.js';
import { EncoderError } from '../../../src/classifier/embedding/encoder.js';
import { workerFile } from '../../support/dist.js';
import { encoderFolder, type EncoderFolder } from '../../support/encoder-folder.js';
import { makeFifo } from '../../support/fifo.js';

/** Swaps the ids of two words in the tokenizer: it keeps its size and still loads. */
async function swapIds({ dir, replace }: EncoderFolder): Promise<void> {
  const tokenizer = await readFile(join(dir, 'tokenizer.json'), 'utf8');
  const swapped = tokenizer.replace('"error":7561', '"error":3478').replace('"failed":3478', '"failed":7561');
  expect(swapped).not.toBe(tokenizer);
  expect(swapped).toHaveLength(tokenizer.length);
  await replace('tokenizer.json', swapped);
}

async function pipe({ dir }: EncoderFolder): Promise<void> {
  await rm(join(dir, 'tokenizer.json'));
  makeFifo(join(dir, 'tokenizer.json'));
}

it.each([
  ['holds another tokenizer of the same size', swapIds, /\/tokenizer\.json: its SHA-256/],
  ['holds a shorter file', (folder) => folder.replace('config.json', '{}'), /\/config\.json: has 2 bytes/],
  [
    'lacks a file',
    ({ dir }) => rm(join(dir, 'tokenizer_config.json')),
    /\/tokenizer_config\.json: cannot be read.*ENOENT/,
  ],
  ['holds a pipe', pipe, /\/tokenizer\.json: is not a regular file/],
] satisfies [string, (folder: EncoderFolder) => Promise<void>, RegExp][])(
  'refuses an encoder whose folder %s',
  async (_, change, reason) => {
    const folder = await encoderFolder();
    await change(folder);
    const opened = openEncoderPool({ dir: folder.dir, threads: 2, workerFile });
    await expect(opened).rejects.toThrow(EncoderError);
    await expect(opened).rejects.toThrow(reason);
    await expect(opened).rejects.not.toThrow('EncoderError');
  },
);

it.each([
  ['without files', (manifest: object) => Reflect.deleteProperty(manifest, 'files')],
  [
    'that does not list the model',
    ({ files }: { files: object }) => Reflect.deleteProperty(files, 'onnx/model_quantized.onnx'),
  ],
])('refuses an encoder with a manifest %s', async (_, change) => {
  const { dir, describe } = await encoderFolder();
  await describe(change);
  const opened = openEncoderPool({ dir, threads: 1, workerFile });
  await expect(opened).rejects.toThrow(/manifest\.json: .*files.*ENCODER_DIR/s);
});

it('loads an encoder through symbolic links', async () => {
  const { dir } = await encoderFolder();
  const encoder = await openEncoderPool({ dir, threads: 1, workerFile });
  expect(await encoder.encode(['connection lost'])).toHaveLength(1);
  await encoder.close();
});
