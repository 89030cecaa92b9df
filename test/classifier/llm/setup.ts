import { onTestFinished } from 'vitest';
import { createLlmTier, type LlmSettings, type LlmTier } from '../../../src/classifier/llm/llm-tier.js';
import {
  startGroqStandIn,
  STAND_IN_KEY,
  type StandIn,
  type StandInOptions,
} from '../../support/groq-stand-in.js';

/** A catalogue of four labels, `Unclassified` among them. */
export const catalogue = {
  labels: [
    {
      name: 'Workflow Error',
      definition: 'A business step failed.',
      examples: ['Invoice 7 was not approved'],
    },
    { name: 'Deprecation Warning', definition: 'Out of support soon.', examples: ['X is deprecated'] },
    { name: 'Error', definition: 'Something did not work.', examples: ['Task 17 failed'] },
    { name: 'Unclassified', definition: 'None of these.', examples: ['asdf'] },
  ],
};

/** A logger that keeps its entries. */
export function createMemoryLogger() {
  const entries: { level: string; details: object; message: string }[] = [];
  const at = (level: string) => (details: object, message: string) => {
    entries.push({ level, details, message });
  };
  return { entries, info: at('info'), warn: at('warn'), error: at('error') };
}

/** A tier connected to a stand-in server that closes with the test. Only the test moves the clock. */
export interface Setup {
  groq: StandIn;
  tier: LlmTier;
  logger: ReturnType<typeof createMemoryLogger>;
  clock: { ms: number };
  /** The pauses before retries, in milliseconds. They take no real time. */
  pauses: number[];
}

/** Starts a tier whose templates mask digits. */
export async function setUp(
  options: StandInOptions = {},
  settings: Partial<LlmSettings> = {},
): Promise<Setup> {
  const groq = await startGroqStandIn(options);
  onTestFinished(() => groq.close());
  const logger = createMemoryLogger();
  const clock = { ms: 0 };
  const pauses: number[] = [];
  const defaults: LlmSettings = {
    apiKey: STAND_IN_KEY,
    baseUrl: groq.url,
    model: 'openai/gpt-oss-20b',
    timeoutMs: 30_000,
    retries: 2,
    deadlineMs: 30_000,
    maxRequests: 100,
    templatesPerRequest: 20,
    concurrency: 4,
    cacheEntries: 1_000,
    breakerFailures: 100,
    breakerPauseMs: 60_000,
  };
  const tier = createLlmTier({ ...defaults, ...settings }, catalogue, {
    logger,
    now: () => clock.ms,
    wait: (ms, signal) => {
      pauses.push(ms);
      signal.throwIfAborted();
      return Promise.resolve();
    },
    toTemplate: (message) => message.replace(/\d+/g, '<n>'),
  });
  return { groq, tier, logger, clock, pauses };
}

/** Creates an item of the source LegacyCRM. */
export const crm = (message: string) => ({ source: 'LegacyCRM', message });

/** Creates `count` items with different templates. */
export const distinct = (count: number) =>
  Array.from({ length: count }, (_, index) => crm(`Lead ${'x'.repeat(index + 1)} is lost`));

/** Creates a promise and the function that resolves it. */
export function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<undefined>((resolve) => {
    open = () => resolve(undefined);
  });
  return { opened, open };
}
