import { FIELD } from '../../log-record.js';
import type { FieldChoice, FieldNames } from '../fields.js';
import { isExactly } from '../fields.js';
import { type JsonPath, pathsOf } from './json-path.js';

/** What the names at the top level of an object say about it. Most records of an input have the same shape. */
export interface RecordShape {
  readonly keys: readonly string[];
  /** The places where a field may be, the best first. */
  readonly message: readonly JsonPath[];
  readonly source: readonly JsonPath[];
  readonly level: readonly JsonPath[];
  readonly time: readonly JsonPath[];
  /** Whether the object has a `target_label` of its own. */
  readonly hasLabel: boolean;
}

/** An object with more names is not remembered. */
const MAX_KEYS = 200;
const MAX_ID_CHARS = 4_000;
const MAX_SHAPES = 200;

/** Fields are sought among this many names of an object. This bounds the time for an object with very many. */
const MAX_SOUGHT = 1_000;

/** Finds the shapes of objects, and remembers them. */
export class RecordShapes {
  #last: RecordShape | undefined;
  readonly #shapes = new Map<string, RecordShape>();

  constructor(private readonly choice: FieldChoice) {}

  /** Returns the shape of an object. Objects with the same names in the same order have the same shape. */
  of(object: object): RecordShape {
    const keys = Object.keys(object);
    if (this.#last === undefined || !areEqual(this.#last.keys, keys)) this.#last = this.#find(keys);
    return this.#last;
  }

  #find(keys: readonly string[]): RecordShape {
    if (keys.length > MAX_KEYS) return this.#create(keys);
    const id = keys.join('\0');
    if (id.length > MAX_ID_CHARS) return this.#create(keys);
    let shape = this.#shapes.get(id);
    if (shape === undefined) {
      shape = this.#create(keys);
      if (this.#shapes.size >= MAX_SHAPES) this.#shapes.clear();
      this.#shapes.set(id, shape);
    }
    return shape;
  }

  #create(keys: readonly string[]): RecordShape {
    const { names, messageColumn, sourceColumn } = this.choice;
    const sought = keys.slice(0, MAX_SOUGHT);
    return {
      keys,
      message: pathsFor(sought, messageColumn, names.message, FIELD.message),
      source: pathsFor(sought, sourceColumn, names.source, FIELD.source),
      level: pathsFor(sought, undefined, names.level, 'level'),
      time: pathsFor(sought, undefined, names.time, 'timestamp'),
      hasLabel: keys.includes(FIELD.label),
    };
  }
}

/** The shapes for the known names are remembered beyond an input, because small inputs come often. */
const shapesByNames = new WeakMap<FieldNames, RecordShapes>();

/** Returns the shapes of objects for a choice of fields. */
export function shapesFor(choice: FieldChoice): RecordShapes {
  const { names, messageColumn, sourceColumn } = choice;
  if (messageColumn !== undefined || sourceColumn !== undefined) return new RecordShapes(choice);
  let shapes = shapesByNames.get(names);
  if (shapes === undefined) {
    shapes = new RecordShapes({ names });
    shapesByNames.set(names, shapes);
  }
  return shapes;
}

/** The chosen column, or else the exact name, or else the known names in their order. */
function pathsFor(
  keys: readonly string[],
  column: string | undefined,
  known: readonly string[],
  exact: string,
): JsonPath[] {
  if (column !== undefined) return pathsOf(keys, column);
  const first = keys.filter((key) => isExactly(key, exact)).map((key) => ({ first: key, rest: undefined }));
  return [...first, ...known.flatMap((name) => pathsOf(keys, name))];
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
