import { tmpdir } from 'node:os';
import { pipeline } from '@xenova/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEncoderPool } from '../../../src/classifier/embedding/encoder-pool.js';
import { EncoderError, type Encoder } from '../../../src/classifier/embedding/encoder.js';
import { loadSentenceEncoder } from '../../../src/classifier/embedding/sentence-encoder.js';
import { toEncoderText } from '../../../src/classifier/embedding/words.js';
import { loadConfig } from '../../../src/config.js';
import { workerFile } from '../../support/dist.js';
import { describeFile, encoderFolder } from '../../support/encoder-folder.js';

const { encoderDir: dir } = loadConfig({});

function cosine(a: Float32Array | undefined, b: Float32Array | undefined): number {
  return [...(a ?? [])].reduce((sum, value, index) => sum + value * (b?.[index] ?? 0), 0);
}

describe('The shipped encoder', () => {
  let encoder: Encoder;
  beforeAll(async () => {
    encoder = await openEncoderPool({ dir, threads: 2, workerFile });
  });
  afterAll(() => encoder.close());

  it('returns unit vectors of its dimension, in order', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    const embeddings = await encoder.encode(texts);
    expect(embeddings).toHaveLength(20);
    for (const embedding of embeddings) {
      expect(embedding).toHaveLength(encoder.dimension);
      expect(cosine(embedding, embedding)).toBeCloseTo(1, 5);
    }
    expect(embeddings[7]).toEqual((await encoder.encode(['line 7']))[0]);
  });

  it('has the same fingerprint when it is opened again', async () => {
    const again = await openEncoderPool({ dir, threads: 1, workerFile });
    await again.close();
    expect(encoder.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(again.fingerprint).toBe(encoder.fingerprint);
  });

  it('returns more similar embeddings for lines of similar meaning', async () => {
    const [a, b, c] = await encoder.encode([
      'Disk is almost full',
      'No space left on the volume',
      'Anna signed in',
    ]);
    expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.1);
  });

  it('returns the same embedding for a text whatever other texts are in the batch', async () => {
    const alone = await encoder.encode(['connection lost']);
    const among = await encoder.encode(['word '.repeat(300), 'connection lost', 'x']);
    expect(among[1]).toEqual(alone[0]);
  });

  it('reads at most 256 tokens, including the separator', async () => {
    // Four tokens a word. The encoder's text has 160 words at most, so longer words are needed to exceed 256 tokens.
    const [long, longer, shorter] = await encoder.encode([
      'qzxv '.repeat(150),
      'qzxv '.repeat(150) + 'and more',
      'qzxv '.repeat(40),
    ]);
    expect(longer).toEqual(long);
    expect(shorter).not.toEqual(long);
  });

  it('returns an embedding for the empty text', async () => {
    expect((await encoder.encode(['']))[0]).toHaveLength(encoder.dimension);
  });

  it('returns the embeddings of the library’s own pipeline', async () => {
    const texts = ['connection lost', 'Disk /dev/sda: 91% used', ''];
    const extract = await pipeline('feature-extraction', dir, { dtype: 'q8' });
    const embeddings = await encoder.encode(texts);
    for (const [index, text] of texts.entries()) {
      const output = await extract(toEncoderText(text), { pooling: 'mean', normalize: true });
      expect(cosine(embeddings[index], output.data as Float32Array)).toBeCloseTo(1, 5);
    }
  });

  it('returns the same embeddings in the main thread as in the pool', async () => {
    const encode = await loadSentenceEncoder(dir);
    const templates = ['[sshd] connection lost', 'word '.repeat(400)];
    expect(await encode(templates.map(toEncoderText))).toEqual(await encoder.encode(templates));
  });
});

describe('openEncoderPool', () => {
  it('completes running inferences when it is closed, and starts no more', async () => {
    const encoder = await openEncoderPool({ dir, threads: 2, workerFile });
    const running = encoder.encode(Array.from({ length: 64 }, () => 'word '.repeat(256)));
    await encoder.close();
    expect(await running).toHaveLength(64);
    await expect(encoder.encode(['late'])).rejects.toThrow('closed');
  });

  it('refuses a folder without an encoder and says what it must contain', async () => {
    const opened = openEncoderPool({ dir: tmpdir(), threads: 1, workerFile });
    await expect(opened).rejects.toThrow(/manifest\.json.*ENCODER_DIR/);
  });

  it('refuses an encoder whose model does not load', async () => {
    const { dir: broken, replace, describe } = await encoderFolder();
    await replace('onnx/model_quantized.onnx', 'no model');
    await describe(({ files }) => (files['onnx/model_quantized.onnx'] = describeFile('no model')));
    const opened = openEncoderPool({ dir: broken, threads: 2, workerFile });
    await expect(opened).rejects.toThrow(EncoderError);
    await expect(opened).rejects.toThrow('does not load');
  });
});
