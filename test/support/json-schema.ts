import { createRequire } from 'node:module';

/** Returns what of a value does not fit a schema; nothing if it fits. */
export type SchemaCheck = (schema: object, value: unknown) => unknown[];

/** What we use of ajv, a validator of JSON schemas. */
interface Ajv {
  addSchema(document: object, id: string): Ajv;
  compile(schema: object): ((value: unknown) => boolean) & { errors?: unknown[] | null };
}

// Fastify depends on ajv, so it is always installed; this project does not use it otherwise.
const fromFastify = createRequire(createRequire(import.meta.url).resolve('@fastify/ajv-compiler'));
const { Ajv2020 } = fromFastify('ajv/dist/2020') as { Ajv2020: new (options: object) => Ajv };

/** Returns a check against the schemas of an OpenAPI description. They may refer to its components. */
export function schemaCheck(description: object): SchemaCheck {
  // The description has keywords and formats of its own.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(description, 'api');
  return (schema, value) => {
    const validate = ajv.compile(withAddresses(schema));
    return validate(value) ? [] : (validate.errors ?? []);
  };
}

function withAddresses(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/')) as object;
}
