import { version } from '../../config.js';
import { describedHeaders, type HeaderName } from '../schemas/headers.js';
import type { JsonObject } from './named-schemas.js';

/** The OpenAPI description without its operations. Every operation has one of these tags. */
export const documentStart = {
  openapi: '3.1.0',
  info: {
    title: 'Log classifier',
    description:
      'Labels log lines of many systems. It takes tables, plain lines, JSON and workbooks, and adds target_label.',
    version,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/', description: 'This server' }],
  // No call needs a key.
  security: [],
  tags: [
    { name: 'classify', description: 'Label log lines, and see how an input will be read.' },
    {
      name: 'jobs',
      description: 'Long work: uploads that are labelled without the client, and their results.',
    },
    { name: 'corrections', description: 'Labels that people give to templates.' },
    { name: 'labels', description: 'The labels that lines can get.' },
    { name: 'health', description: 'The state of the server, for process managers and load balancers.' },
  ],
};

/** Returns the headers that a part of the description refers to. */
export function usedHeaders(paths: object): Record<string, JsonObject> {
  const text = JSON.stringify(paths);
  const names = (Object.keys(describedHeaders) as HeaderName[]).filter((name) =>
    text.includes(`"#/components/headers/${name}"`),
  );
  return Object.fromEntries(names.map((name) => [name, { ...describedHeaders[name] }]));
}
