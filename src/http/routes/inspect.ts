import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginCallbackZod } from 'fastify-type-provider-zod';
import { AppError } from '../../errors.js';
import type { FoundField } from '../../formats/fields.js';
import type { Input, RecordChunk } from '../../formats/format.js';
import { warningsOf } from '../../formats/warnings.js';
import {
  openUnpacked,
  unpackUpload,
  type OpenedUpload,
  type OpenUploadOptions,
} from '../../pipeline/open-upload.js';
import { peek } from '../../text/peek.js';
import { abortOnDisconnect } from '../abort-on-disconnect.js';
import { labelParametersSchema, type LabelParameters } from '../../pipeline/label-parameters.js';
import { checkParameters } from '../parameters.js';
import { createReadOptions } from '../../pipeline/read-options.js';
import { classifyBodies } from '../schemas/classify.js';
import { inspectAnswerSchema, type InspectAnswer } from '../schemas/inspect.js';
import { problemResponses } from '../schemas/problem.js';
import { receive, type ReceivedUpload } from '../upload/receive.js';
import { minimumRateOf, UploadRate } from '../upload/upload-rate.js';
import type { ClassifyOptions } from './classify.js';

/** How many bytes of an input are inspected, after unpacking. */
const INSPECTED_BYTES = 64 * 1024;

/** An input of nearly this many bytes may be the start of a file that the client has cut off. */
const PERHAPS_CUT_BYTES = 64_000;

const MAX_ROWS = 10;
const MAX_MESSAGE_CHARS = 1000;
const MAX_CELL_CHARS = 200;
const MAX_COLUMNS = 500;
const MAX_SHEETS = 100;

const schema = {
  operationId: 'inspect',
  tags: ['classify'],
  summary: 'Show how an input will be read',
  description:
    'Send the same body and parameters as for POST /classify, or the first 64 kB of a file. The answer says format, encoding and columns, and has the first ten records. It also lists records that cannot be read. An Excel workbook or a zip archive must be sent completely, and of a Zstandard file at least 256 kB.',
  querystring: labelParametersSchema,
  response: {
    200: inspectAnswerSchema,
    ...problemResponses(400, 408, 413, 415, 500, 503, 507),
  },
};

/** POST /inspect: says how POST /classify would read an input. */
export const inspectRoutes: FastifyPluginCallbackZod<Omit<ClassifyOptions, 'classifier'>> = (
  app,
  { config, slots, openSpoolFile },
  done,
) => {
  const readOptions = createReadOptions(config, openSpoolFile);
  app.post('/inspect', {
    schema,
    config: { bodies: classifyBodies },
    preValidation: checkParameters,
    handler: inspect,
  });

  async function inspect(request: FastifyRequest, reply: FastifyReply): Promise<InspectAnswer> {
    const { signal } = abortOnDisconnect(request.raw, reply.raw);
    const rate = new UploadRate(minimumRateOf(config));
    try {
      const upload = await receive(request, reply.raw, request.query as LabelParameters, {
        slots,
        rate,
        settings: { ...config, openSpoolFile },
      });
      // A record that cannot be read must not hide the others.
      const options = { ...readOptions(upload.parameters), onError: 'skip', signal } as const;
      return await describe(upload, options);
    } finally {
      slots.release(rate);
    }
  }

  done();
};

async function describe(upload: ReceivedUpload, options: OpenUploadOptions): Promise<InspectAnswer> {
  const unpacked = await unpackUpload(upload, options);
  if (unpacked.kind === 'workbook') {
    return await describeInput(await openUnpacked(unpacked, upload, options), {
      isGuess: false,
      isAll: true,
    });
  }
  const { first, rest, isEnded } = await peek(unpacked.bytes, INSPECTED_BYTES);
  // Only the start is needed. Closing the rest lets the server drop it.
  await rest.return();
  const isAll = isEnded && first.length < PERHAPS_CUT_BYTES;
  const sample = isAll ? first : untilLastLine(first.subarray(0, INSPECTED_BYTES));
  const open = (opened: OpenUploadOptions): Promise<OpenedUpload> =>
    openUnpacked({ ...unpacked, bytes: once(sample) }, upload, { ...opened, isStart: !isAll });
  const described = await describeOrGuess(() => open(options), isAll);
  if (!('guess' in described)) return described;
  const fields = { ...options.fields, messageColumn: String(described.guess) };
  return await describeInput(await open({ ...options, fields }), { isGuess: true, isAll });
}

/** Describes an input, or returns where its message may be if it has no known name of one and none was chosen. */
async function describeOrGuess(
  open: () => Promise<OpenedUpload>,
  isAll: boolean,
): Promise<InspectAnswer | { guess: number | string }> {
  try {
    const opened = await open();
    const answer = await describeInput(opened, { isGuess: false, isAll });
    const guess = opened.input.description.messageGuess;
    // Objects without a message are skipped one by one, until one has a message.
    return guess === undefined || answer.rows.length > 0 ? answer : { guess };
  } catch (error) {
    const guess =
      error instanceof AppError && error.code === 'column_missing' ? error.place.guess : undefined;
    if (guess === undefined) throw error;
    return { guess };
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** Cuts a sample after its last line break outside quotes, so that its last record is complete. */
function untilLastLine(sample: Buffer): Buffer {
  let lastBreak = 0;
  let lastOutside = 0;
  let isQuoted = false;
  for (const [index, byte] of sample.entries()) {
    if (byte === 0x22) isQuoted = !isQuoted;
    if (byte !== 0x0a) continue;
    // In UTF-16LE a line feed is two bytes, 0A 00.
    lastBreak = sample[index + 1] === 0 ? index + 2 : index + 1;
    if (!isQuoted) lastOutside = lastBreak;
  }
  const end = lastOutside > 0 ? lastOutside : lastBreak;
  return end > 0 ? sample.subarray(0, end) : sample;
}

async function describeInput(
  opened: OpenedUpload,
  { isGuess, isAll }: { isGuess: boolean; isAll: boolean },
): Promise<InspectAnswer> {
  const { input } = opened;
  try {
    const rows: InspectAnswer['rows'] = [];
    for await (const chunk of input.chunks()) {
      if (rows.length < MAX_ROWS) rows.push(...rowsOf(chunk).slice(0, MAX_ROWS - rows.length));
      // A workbook may have a million rows.
      if (input.format === 'xlsx' && rows.length === MAX_ROWS) break;
    }
    const { description, counts } = input;
    return {
      format: input.format,
      packings: [...opened.packings],
      encoding: opened.encoding ?? null,
      delimiter: description.delimiter ?? null,
      header_line: description.headerLine ?? null,
      columns: (description.columns ?? []).slice(0, MAX_COLUMNS).map((name) => cut(name, MAX_CELL_CHARS)),
      ...(description.sheets && {
        sheets: description.sheets.slice(0, MAX_SHEETS).map((name) => cut(name, MAX_CELL_CHARS)),
      }),
      message: toField(description.message, isGuess),
      source: toField(description.source, false),
      level: toField(description.level, false),
      rows,
      problems: {
        count: counts.skipped.count,
        first: counts.skipped.first.slice(0, MAX_ROWS).map(({ line, reason }) => ({ line, detail: reason })),
      },
      inspected: isAll ? 'all' : 'start',
      warnings: warningsOf(warningsAboutInput(input, opened, isAll)),
    };
  } finally {
    await input.close();
  }
}

/** The warnings that POST /classify would give about the input. A start that the client has cut off is not one. */
function warningsAboutInput(
  { counts }: Input,
  opened: OpenedUpload,
  isAll: boolean,
): Parameters<typeof warningsOf>[0] {
  return {
    'blank-lines': counts.blankLines,
    'sheets-left-out': counts.otherSheets ?? 0,
    'target-label-overwritten': counts.overwrittenLabels,
    ...opened.warnings(),
    ...(isAll ? {} : { 'input-truncated': 0 }),
  };
}

function rowsOf({ records, rows }: RecordChunk): InspectAnswer['rows'] {
  return records.map(({ source, message, level }, i) => {
    const cells = rows?.[i]?.slice(0, MAX_COLUMNS).map((cell) => cut(cell, MAX_CELL_CHARS));
    return {
      source: cut(source, MAX_CELL_CHARS),
      log_message: cut(message, MAX_MESSAGE_CHARS),
      ...(level === undefined ? {} : { level: cut(level, MAX_CELL_CHARS) }),
      ...(cells === undefined ? {} : { cells }),
    };
  });
}

function toField(field: FoundField | undefined, guessed: boolean): InspectAnswer['message'] {
  if (!field) return null;
  return { name: field.name, guessed, ...(field.index === undefined ? {} : { column: field.index + 1 }) };
}

/** Cuts a text, but not through a surrogate pair. */
function cut(text: string, maxChars: number): string {
  return text.length > maxChars ? `${text.slice(0, maxChars).toWellFormed()}…` : text;
}
