import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

/** A JSON schema, or a part of the OpenAPI description. */
export type JsonObject = Record<string, unknown>;

/** A schema as a route states it: of zod, or a JSON schema for bodies that are text or bytes. */
export type RouteSchema = z.ZodType | object;

/** Whether a value goes into the server or comes out of it. Defaults are optional in, and always there out. */
export type Direction = 'input' | 'output';

/**
 * Converts the schemas of routes to JSON schemas. A zod schema with `.meta({ id: 'Name' })` becomes a component: it is
 * described once, and everything else refers to it.
 */
export class NamedSchemas {
  readonly #components = new Map<string, JsonObject>();

  /** Returns the schema, or a reference to it if it has a name. @throws Error if two schemas have the same name */
  toJson(schema: RouteSchema, direction: Direction): JsonObject {
    if (!(schema instanceof z.ZodType)) return { ...schema };
    // In an object, because zod refers to named schemas only from within others.
    const converted = z.toJSONSchema(z.object({ schema }), {
      io: direction,
      unrepresentable: 'any',
      override: simplify,
    });
    const { $defs = {}, properties } = withReferences(converted) as {
      $defs?: Record<string, JsonObject>;
      properties: { schema: JsonObject };
    };
    for (const [name, component] of Object.entries($defs)) this.#add(name, component);
    return properties.schema;
  }

  /** The named schemas that were converted, sorted by name. */
  components(): Record<string, JsonObject> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(name: string, { ...component }: JsonObject): void {
    // The name stands before the component.
    delete component.id;
    const known = this.#components.get(name);
    if (known && !isDeepStrictEqual(known, component)) {
      throw new Error(
        `The schema ${name} is described in two ways. Give two schemas two names; a schema that is both a body and an answer must be the same in both.`,
      );
    }
    this.#components.set(name, component);
  }
}

/** Returns a copy whose references lead to the components. Through JSON, which leaves out undefined fields as well. */
function withReferences(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? value.replace(/^#\/\$defs\//, '#/components/schemas/')
      : value,
  );
}

/**
 * Removes what zod adds: the bounds of every integer, the largest that JavaScript can count with; and that an answer has no
 * other fields. Later versions may add some, and a schema is the same for bodies and answers without it.
 */
function simplify({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: JsonObject }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}
