/** The names under which inputs keep the fields of a record, in order of preference. */
export interface FieldNames {
  readonly message: readonly string[];
  readonly source: readonly string[];
  readonly level: readonly string[];
  readonly time: readonly string[];
}

/** A field of a record. */
export type FieldName = keyof FieldNames;

/**
 * The known names. A dot stands for a nested JSON object, or is part of the name of a column. The first name of the list
 * that an input has wins.
 */
export const KNOWN_NAMES: FieldNames = {
  message: [
    'log_message',
    'message',
    'msg',
    'log',
    '@message',
    '_raw',
    'line',
    'content',
    'body',
    'textPayload',
    'jsonPayload.message',
  ],
  source: [
    'source',
    'service.name',
    'service',
    'app',
    'application',
    'logger',
    'program',
    'SYSLOG_IDENTIFIER',
    'ProviderName',
    'sourcetype',
    '@log',
    '@logStream',
    'host.name',
    'host',
  ],
  level: ['level', 'log.level', 'severity', 'severityText', 'loglevel', 'LevelDisplayName', 'PRIORITY'],
  time: [
    '@timestamp',
    'timestamp',
    'datetime',
    'event_time',
    'log_time',
    'time_unix_nano',
    'time_created',
    'time_generated',
    'date_and_time',
    'asctime',
    'time',
    'ts',
    'eventTimestamp',
    'created',
    'created_at',
    'observed_timestamp',
    'observed_time_unix_nano',
    '__REALTIME_TIMESTAMP',
    'date',
  ],
};

/** A longer text in a field of the time is no time. */
export const MAX_TIME_CHARS = 200;

/** Where the fields of a record come from. */
export interface FieldChoice {
  /** The names to look for if no column is chosen. */
  readonly names: FieldNames;
  /** The user's column of the message: a name, or a number from 1 for a table. */
  readonly messageColumn?: string | undefined;
  /** The user's column of the source: a name, or a number from 1 for a table. */
  readonly sourceColumn?: string | undefined;
  /** The source of all records, whatever the input says. */
  readonly source?: string | undefined;
  /** The other parameters of the request as the query has them, such as `&on_error=skip`; for the URL that an error proposes. */
  readonly otherParameters?: string | undefined;
}

/**
 * Returns the request that names a column, with all other parameters that were sent. All values are encoded.
 * @example requestNaming(choice, 'message', 'Text') // 'POST /classify/?message_column=Text&on_error=skip'
 */
export function requestNaming(choice: FieldChoice, field: 'message' | 'source', value: string): string {
  const { messageColumn, sourceColumn } = choice;
  const parameters =
    field === 'message'
      ? queryOf({ message_column: value, source_column: sourceColumn })
      : queryOf({ source_column: value, message_column: messageColumn });
  return `POST /classify/?${parameters.slice(1)}${choice.otherParameters ?? ''}`;
}

/** Returns parameters as part of a query, each with `&` in front and encoded; undefined ones are left out. */
export function queryOf(parameters: Readonly<Record<string, string | boolean | undefined>>): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `&${name}=${encodeURIComponent(String(value).toWellFormed())}`)
    .join('');
}

/** The place of a field in an input. */
export interface FoundField {
  /** The name of the column or the path in JSON. */
  readonly name: string;
  /** The index of the column in a table, counted from 0. */
  readonly index?: number;
}

/** The default choice: the known names, nothing fixed. */
export const KNOWN_FIELDS: FieldChoice = { names: KNOWN_NAMES };

/**
 * Returns a name in the form in which names are compared: lower case, without blanks, `_`, `-`, zero-width characters and
 * byte order marks. `Log Message`, `LOG-MESSAGE` and `log_message` are the same.
 */
export function comparableName(name: string): string {
  return name.replace(/[\s_\-\u200B-\u200D\u2060\uFEFF]/g, '').toLowerCase();
}

/** Returns whether a name is exactly this one, apart from case and surrounding blanks. */
export function isExactly(name: string, wanted: string): boolean {
  return name.trim().toLowerCase() === wanted;
}
