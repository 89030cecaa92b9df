import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import readImage from '../stubs/sharp/index.js';
import { projectFile } from './support/dist.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  overrides: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as Manifest;
const versions = new Map([
  ...Object.entries(manifest.dependencies),
  ...Object.entries(manifest.devDependencies),
  ...Object.entries(manifest.overrides).map(([name, version]) => [`overrides: ${name}`, version] as const),
]);

/** The rows of the table, as name and version. */
const documented = new Map(
  [
    ...readFileSync(projectFile('docs/dependencies.md'), 'utf8').matchAll(/^\| `(.+?)` +\| `(.+?)` +\| \S/gm),
  ].map(([, name = '', version = '']) => [name, version] as const),
);

describe('docs/dependencies.md', () => {
  it('gives a reason for every version that is not a plain range of package.json', () => {
    const held = [...versions].filter(([, version]) => !version.startsWith('^')).map(([name]) => name);
    expect(held).toContain('overrides: light-my-request');
    expect(held.filter((name) => !documented.has(name))).toEqual([]);
  });

  it('names only packages and versions that are in package.json', () => {
    expect(documented.size).toBeGreaterThan(5);
    expect([...documented].filter(([name, version]) => versions.get(name) !== version)).toEqual([]);
  });
});

describe('The stub of sharp', () => {
  it('says why it cannot read an image', () => {
    expect(readImage).toThrow('docs/dependencies.md');
  });
});
