import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NamedSchemas } from '../../../src/http/openapi/named-schemas.js';
import { describeOperation } from '../../../src/http/openapi/operation.js';
import { problemSchema } from '../../../src/http/schemas/problem.js';

const jobSchema = z.object({ id: z.string() }).meta({ id: 'TestJob', examples: [{ id: '7f3a' }] });

describe('The description of a route', () => {
  it('has its parameters, bodies, answers and headers', () => {
    const schemas = new NamedSchemas();
    const operation = describeOperation(
      {
        schema: {
          operationId: 'startTestJob',
          tags: ['jobs'],
          summary: 'Start a job',
          params: z.object({ id: z.string().describe('The id.') }),
          querystring: z.object({ limit: z.coerce.number().optional().describe('At most.') }),
          headers: z.object({ 'idempotency-key': z.string().optional().describe('A key.') }),
          response: { 202: jobSchema, 409: problemSchema },
        },
        config: {
          bodies: { 'application/json': jobSchema, 'text/plain': { type: 'string', examples: ['a', 'b'] } },
          answerHeaders: ['Location'],
        },
      },
      schemas,
    );
    const job = { $ref: '#/components/schemas/TestJob' };
    expect(operation).toMatchObject({
      operationId: 'startTestJob',
      parameters: [
        { name: 'id', in: 'path', required: true, description: 'The id.', schema: { type: 'string' } },
        { name: 'limit', in: 'query', required: false, description: 'At most.' },
        { name: 'idempotency-key', in: 'header', required: false },
      ],
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: job },
          'text/plain': {
            schema: { type: 'string' },
            examples: { example1: { value: 'a' }, example2: { value: 'b' } },
          },
        },
      },
      responses: {
        202: {
          description: 'Accepted',
          headers: { Location: { $ref: '#/components/headers/Location' } },
          content: { 'application/json': { schema: job } },
        },
        409: {
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
        default: { description: 'Any other problem' },
      },
    });
    expect(Object.keys(schemas.components())).toEqual(['Problem', 'TestJob']);
  });

  it('has the status 200 for an answer that is no JSON, and no content for 204', () => {
    const schemas = new NamedSchemas();
    const events = { 'text/event-stream': { type: 'string' } };
    expect(describeOperation({ schema: {}, config: { answers: events } }, schemas)).toMatchObject({
      responses: { 200: { content: { 'text/event-stream': { schema: { type: 'string' } } } } },
    });
    const { responses } = describeOperation({ schema: { response: { 204: z.null() } } }, schemas) as {
      responses: Record<string, object>;
    };
    expect(Object.keys(responses)).toEqual(['204', 'default']);
    expect(responses['204']).not.toHaveProperty('content');
  });
});

describe('Named schemas', () => {
  it('do not have the bounds of safe integers', () => {
    const schemas = new NamedSchemas();
    expect(schemas.toJson(z.int(), 'output')).toEqual({ type: 'integer' });
    expect(schemas.toJson(z.int().min(1), 'output')).toEqual({ type: 'integer', minimum: 1 });
  });

  it('refuse one name for a body and an answer that differ', () => {
    const schemas = new NamedSchemas();
    const schema = z.object({ limit: z.int().default(10) }).meta({ id: 'TestPage' });
    schemas.toJson(schema, 'output');
    expect(() => schemas.toJson(schema, 'input')).toThrow('The schema TestPage is described in two ways.');
  });
});
