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

/**
 * Returns a check against the schemas of an OpenAPI description. They may refer to its components. A field that the
 * description does not name is an error here, although clients must expect new ones.
 */
export function schemaCheck(description: object): SchemaCheck {
  // The description has keywords and formats of its own.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(description) as object, 'api');
  return (schema, value) => {
    const validate = ajv.compile(closed(schema, 'api') as object);
    return validate(value) ? [] : (validate.errors ?? []);
  };
}

/** Returns a copy in which objects have no other fields than those that are named, and references begin with an address. */
function closed(node: unknown, address = ''): unknown {
  return JSON.parse(JSON.stringify(node), (key, value: unknown) => {
    if (key === '$ref') return `${address}${String(value)}`;
    const isOpen = typeof value === 'object' && value !== null && 'properties' in value && 'type' in value;
    return isOpen ? { additionalProperties: false, ...value } : value;
  });
}
