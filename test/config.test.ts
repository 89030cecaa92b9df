import { readFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { ConfigError, environmentNames, loadConfig } from '../src/config.js';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('loadConfig', () => {
  it('has a default for everything except the key', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      maxUploadBytes: 2 ** 31,
      llmSources: ['LegacyCRM'],
    });
    expect(config).toMatchObject({ spoolDir: tmpdir(), encoderThreads: availableParallelism() });
    expect(config.groqApiKey).toBeUndefined();
  });

  it.each([
    ['PORT', 'eighty', /PORT: must be a whole number from 0 to 65535, got "eighty"/],
    ['PORT', '70000', /PORT: .*65535.*"70000"/],
    ['MAX_CELL_CHARS', '0', /MAX_CELL_CHARS: must be a whole number from 1 to \d+, got "0"/],
    ['UPLOAD_IDLE_TIMEOUT_MS', '3000000000', /UPLOAD_IDLE_TIMEOUT_MS: .*2147483647.*"3000000000"/],
    ['MAX_CELL_CHARS', '1e20', /\.env\.\n {2}MAX_CELL_CHARS: must be a whole number .*, got "1e20"$/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL: must be one of fatal, .*, silent, got "loud"/],
    ['CORRECTIONS', 'yes', /CORRECTIONS: must be on or off, got "yes"/],
    ['GROQ_BASE_URL', 'ftp://x', /GROQ_BASE_URL: must be a URL that begins with .*, got "ftp:\/\/x"/],
    ['ALLOWED_HOSTS', 'a.b,http://c', /ALLOWED_HOSTS: .*without scheme.*"a\.b,http:\/\/c"/],
    ['ALLOWED_HOSTS', 'a.b:8000', /ALLOWED_HOSTS: .*port.*"a\.b:8000"/],
  ])('refuses %s=%s, naming the rule and the value', (name, value, message) => {
    expect(() => loadConfig({ [name]: value })).toThrow(message);
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
  });

  it.each([
    [{}, 'on'],
    [{ HOST: '::1' }, 'on'],
    [{ HOST: 'localhost' }, 'on'],
    [{ HOST: '0.0.0.0' }, 'off'],
    [{ HOST: 'logs.example.com' }, 'off'],
    [{ HOST: '0.0.0.0', CORRECTIONS: 'on' }, 'on'],
    [{ CORRECTIONS: 'off' }, 'off'],
  ])('allows corrections on loopback only, unless CORRECTIONS says otherwise: %j', (env, expected) => {
    expect(loadConfig(env).corrections).toBe(expected);
  });

  it('drops empty entries of LLM_SOURCES', () => {
    expect(loadConfig({ LLM_SOURCES: 'A, B,,' }).llmSources).toEqual(['A', 'B']);
  });

  it('reads ALLOWED_HOSTS as a list, empty by default', () => {
    expect(loadConfig({ ALLOWED_HOSTS: 'logs.example.com, log_classifier,*' }).allowedHosts).toEqual([
      'logs.example.com',
      'log_classifier',
      '*',
    ]);
    expect(loadConfig({}).allowedHosts).toEqual([]);
  });

  it('names all invalid variables in one error', () => {
    expect(() => loadConfig({ PORT: 'x', CACHE_MAX_BYTES: 'y' })).toThrow(/PORT[\s\S]*CACHE_MAX_BYTES/);
  });

  it('treats an empty value as not set', () => {
    expect(loadConfig({ GROQ_API_KEY: '', PORT: ' ' })).toEqual(loadConfig({}));
  });
});

describe('The documentation of the settings', () => {
  it('.env.example names every variable with its default', () => {
    const example = parse(read('.env.example'));
    expect(Object.keys(example).sort()).toEqual([...environmentNames].sort());
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });

  it('README lists every variable', () => {
    const readme = read('README.md');
    expect(environmentNames.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});
