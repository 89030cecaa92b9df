/** The menus that say how a file is read. */
import { menu } from './dom.js';
import { change } from './state.js';

const FORMATS = [
  ['csv', 'Table (CSV, TSV)'],
  ['lines', 'Plain lines'],
  ['ndjson', 'JSON, one per line'],
  ['json', 'JSON'],
  ['xlsx', 'Excel workbook'],
];

/** Encodings of logs that are not UTF-8, by how common they are. */
export const ENCODINGS = [
  ['utf-8', 'UTF-8'],
  ['windows-1252', 'Western European (Windows-1252)'],
  ['utf-16le', 'UTF-16 LE'],
  ['windows-1250', 'Central European (Windows-1250)'],
  ['windows-1251', 'Cyrillic (Windows-1251)'],
  ['koi8-r', 'Cyrillic (KOI8-R)'],
  ['ibm866', 'Cyrillic (IBM866)'],
  ['iso-8859-15', 'Western European (ISO-8859-15)'],
  ['shift_jis', 'Japanese (Shift_JIS)'],
  ['euc-jp', 'Japanese (EUC-JP)'],
  ['gb18030', 'Chinese (GB18030)'],
  ['big5', 'Chinese (Big5)'],
  ['euc-kr', 'Korean (EUC-KR)'],
];

/** Returns the menus for a state. Their values are the parameters of the server. */
export function choiceMenus({ choices, inspection }) {
  const choose = (name) => (value) => change({ choices: { ...choices, [name]: value } });
  const one = (text, name, options) => menu(text, options, choices[name], choose(name), { name });
  const columns = columnOptions(inspection);
  return [
    columns.length > 0 && one('Message', 'message_column', [['', found(inspection.message)], ...columns]),
    columns.length > 0 && one('Source', 'source_column', [['', found(inspection.source)], ...columns]),
    inspection?.sheets?.length > 1 && one('Sheet', 'sheet', sheetOptions(inspection.sheets)),
    one('Format', 'input_format', [['', 'Automatic'], ...FORMATS]),
    one('Encoding', 'encoding', [['', 'Automatic'], ...ENCODINGS]),
    one('Lines that cannot be read', 'on_error', [
      ['', 'Stop and tell me'],
      ['skip', 'Leave out and give them to me'],
    ]),
  ];
}

/** Returns the columns for a menu. Columns of tables are named by number, because two may have the same name. */
export function columnOptions(inspection) {
  const names = inspection?.columns ?? [];
  const isTable =
    inspection?.format === undefined || inspection.format === 'csv' || inspection.format === 'xlsx';
  if (inspection?.format === 'lines') return [];
  return names.map((name, i) => (isTable ? [String(i + 1), name || `Column ${i + 1}`] : [name, name]));
}

function sheetOptions(names) {
  return [['', 'Automatic: the first'], ...names.map((name) => [name, name])];
}

function found(field) {
  return field ? `Automatic: ${field.name}` : 'Automatic';
}
