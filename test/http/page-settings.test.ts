import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { build } from '../support/app.js';

it('the page learns what its server has, and nothing that is missing', async () => {
  const { app } = await build({ jobTtl: 7_200_000 });
  const settings = (await app.inject('/page.json')).json<object>();
  expect(settings).toEqual({
    jobs: false,
    explain: true,
    corrections: true,
    kept_seconds: 7200,
    llm_sources: [],
  });
});

it('the page learns which sources go to the LLM when there is a key', async () => {
  const { app } = await build(loadConfig({ GROQ_API_KEY: 'k', LLM_SOURCES: 'LegacyCRM,Erp' }));
  expect((await app.inject('/page.json')).json<object>()).toMatchObject({
    llm_sources: ['LegacyCRM', 'Erp'],
  });
});
