import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Config } from '../../config.js';

const settingsSchema = z.object({
  jobs: z.boolean().describe('Whether the server has jobs.'),
  explain: z.boolean().describe('Whether the server explains labels.'),
  corrections: z.boolean().describe('Whether the server takes corrections.'),
  kept_seconds: z.number().describe('How long a result is kept.'),
  llm_sources: z.array(z.string()).describe('The sources whose lines leave the server; none without a key.'),
});

/**
 * GET /page.json: what the page must know of its server before it asks for anything. The page does not try addresses that
 * may be missing, because browsers report each as an error.
 */
export const pageSettingsRoutes: FastifyPluginCallbackZod<{ config: Config }> = (app, { config }, done) => {
  const has = (path: string): boolean => app.methodsOf(path).includes('POST');
  app.get('/page.json', { schema: { hide: true, response: { 200: settingsSchema } } }, () => ({
    jobs: has('/jobs'),
    explain: has('/explain'),
    corrections: has('/corrections') && !('corrections' in config && config.corrections === 'off'),
    kept_seconds: config.jobTtl / 1000,
    llm_sources: config.groqApiKey === undefined ? [] : config.llmSources,
  }));
  done();
};
