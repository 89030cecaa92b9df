import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const packageFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

const MIB = 1024 * 1024;
const file = (shipped: string) =>
  z
    .string()
    .default(packageFile(shipped))
    .transform((path) => resolve(path));
const optionalPath = z
  .string()
  .optional()
  .transform((path) => (path === undefined ? undefined : resolve(path)));
/** A whole number in a range. All checks have the same message, which states the complete rule. */
const wholeNumber = (min: number, max: number) => {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.coerce.number(rule).int({ error: rule, abort: true }).min(min, rule).max(max, rule);
};
const count = (min: number, byDefault: number) =>
  wholeNumber(min, Number.MAX_SAFE_INTEGER).default(byDefault);
/** A list separated by commas. Empty entries are dropped. */
const list = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text) =>
      text
        .split(',')
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    );
/** At most 31 bits: a longer timer would overflow and fire at once. */
const milliseconds = (byDefault: number) => wholeNumber(1, 2 ** 31 - 1).default(byDefault);
const MS_OF_UNIT = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** A number of minutes, hours or days, such as `90m`, `24h` or `7d`, in milliseconds. */
const duration = (byDefault: string) =>
  z
    .string()
    .default(byDefault)
    .transform((text, context) => {
      const [, number, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text.trim()) ?? [];
      if (number !== undefined && unit !== undefined)
        return Number(number) * MS_OF_UNIT[unit as keyof typeof MS_OF_UNIT];
      context.addIssue({ code: 'custom', message: 'must be a time such as 90m, 24h or 7d' });
      return z.NEVER;
    });
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Every environment variable of the product, with rule and default. An empty value counts as not set, so a copied
 * .env.example works. Relative paths start at the working directory.
 */
const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: wholeNumber(0, 65_535).default(8000),
  ALLOWED_HOSTS: list('').pipe(
    z.array(
      z.string().regex(/^(\*|[\w.-]+)$/, 'must be host names without scheme and port, separated by commas'),
    ),
  ),
  CORRECTIONS: z.enum(['on', 'off'], 'must be on or off').optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),

  MAX_UPLOAD_BYTES: count(1, 2048 * MIB),
  MAX_UNPACKED_BYTES: count(1, 4096 * MIB),
  MAX_CELL_CHARS: count(1, 1_000_000),
  MAX_JSON_BYTES: count(1, 16 * MIB),
  MAX_CONCURRENT_UPLOADS: count(1, 8),
  MAX_CONNECTIONS: count(1, 1000),
  UPLOAD_IDLE_TIMEOUT_MS: milliseconds(30_000),
  UPLOAD_MIN_BYTES_PER_S: count(0, 1000),
  UPLOAD_TIMEOUT_MS: milliseconds(3_600_000),
  ANSWER_TIMEOUT_MS: milliseconds(3_600_000),
  HEADERS_TIMEOUT_MS: milliseconds(20_000),
  CLOSE_TIMEOUT_MS: milliseconds(30_000),
  MESSAGE_COLUMNS: list(''),
  SOURCE_COLUMNS: list(''),
  LEVEL_COLUMNS: list(''),
  SPOOL_DIR: z
    .string()
    .default(tmpdir())
    .transform((path) => resolve(path)),
  SPOOL_MEMORY_BYTES: count(0, 4 * MIB),
  SPOOL_MAX_BYTES: count(1, 16 * 1024 * MIB),
  READ_AHEAD_BYTES: count(0, 256 * MIB),

  JOBS: z.enum(['on', 'off'], 'must be on or off').default('on'),
  DATA_DIR: z
    .string()
    .default('data')
    .transform((path) => resolve(path)),
  JOB_TTL: duration('24h'),
  JOBS_MAX_BYTES: count(1, 16 * 1024 * MIB),
  MAX_RUNNING_JOBS: count(1, 2),

  ENCODER_DIR: file('models/all-MiniLM-L6-v2'),
  ENCODER_THREADS: count(1, availableParallelism()),
  CACHE_MAX_BYTES: count(1, 64 * MIB),
  CACHE_DIR: optionalPath,
  HEAD_FILE: file('models/classifier.json'),
  LABELS_FILE: file('resources/labels.json'),
  RULES_FILE: optionalPath,

  LLM_SOURCES: list('LegacyCRM'),
  GROQ_API_KEY: z.string().optional(),
  GROQ_MODEL: z.string().default('openai/gpt-oss-20b'),
  GROQ_BASE_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL that begins with http:// or https://' })
    .optional(),
  LLM_TIMEOUT_MS: milliseconds(20_000),
  LLM_DEADLINE_MS: milliseconds(120_000),
  LLM_MAX_REQUESTS: count(0, 200),
});

/** Anyone who may correct changes the labels of everyone, so other machines may not unless the operator says so. */
const settings = environment.transform((given) => ({
  ...given,
  CORRECTIONS: given.CORRECTIONS ?? (isLoopback(given.HOST) ? 'on' : 'off'),
}));

type Environment = z.infer<typeof settings>;
type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

/** The settings of the product: the environment variables with names in camelCase. */
export type Config = { [Name in keyof Environment as CamelCase<Name>]: Environment[Name] };

/** The label file of the product, which is the default of LABELS_FILE. */
export const builtInLabelsFile = packageFile('resources/labels.json');

/** The rule file of the product. It applies if RULES_FILE is not set. */
export const builtInRulesFile = packageFile('resources/rules.json');

/** The folder of the upload page. */
export const publicDir = packageFile('public');

/** The version of the product, from its package.json. */
export const version = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(packageFile('package.json'), 'utf8'))).version;

/** The names of all variables. A test compares .env.example and README with them. */
export const environmentNames = Object.keys(environment.shape);

/** One or more settings are invalid. The message names each variable, its rule and the received value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

const SECRET = 'GROQ_API_KEY';

/**
 * Reads the settings from environment variables.
 * @throws ConfigError that names every invalid variable with its value; the key is hidden
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const got = name === SECRET ? '(hidden)' : JSON.stringify(given[name]);
      return `${name}: ${issue.message}, got ${got}`;
    });
    throw new ConfigError(
      `Some settings are invalid. Correct them in the environment or in the file .env.\n  ${problems.join('\n  ')}`,
    );
  }
  const entries = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value]);
  return Object.fromEntries(entries) as Config;
}

function camelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Whether a host name always means this machine. */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine can reach a server that listens on this host. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return isLocalhost(host.toLowerCase());
  return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
