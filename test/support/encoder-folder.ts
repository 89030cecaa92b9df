import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.js';

const { encoderDir: shipped } = loadConfig({});

interface Manifest {
  files: Record<string, { bytes: number; sha256: string }>;
}

/** An encoder's folder that a test may change. */
export interface EncoderFolder {
  dir: string;
  /** Replaces a file. */
  replace: (name: string, content: string) => Promise<void>;
  /** Changes the manifest. */
  describe: (change: (manifest: Manifest) => void) => Promise<void>;
}

/** Creates a temporary folder with links to the files of the shipped encoder. */
export async function encoderFolder(): Promise<EncoderFolder> {
  const dir = await mkdtemp(join(tmpdir(), 'encoder-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const manifest = JSON.parse(await readFile(join(shipped, 'manifest.json'), 'utf8')) as Manifest;
  for (const name of Object.keys(manifest.files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await symlink(join(shipped, name), join(dir, name));
  }
  const describe: EncoderFolder['describe'] = async (change) => {
    change(manifest);
    await writeFile(join(dir, 'manifest.json'), JSON.stringify(manifest));
  };
  await describe(() => undefined);
  const replace: EncoderFolder['replace'] = async (name, content) => {
    await rm(join(dir, name));
    await writeFile(join(dir, name), content);
  };
  return { dir, replace, describe };
}

/** Returns the manifest entry of a file with this content. */
export function describeFile(content: string): Manifest['files'][string] {
  return {
    bytes: Buffer.byteLength(content),
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}
