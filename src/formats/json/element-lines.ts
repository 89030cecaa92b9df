import { CHAR, isBlank } from './chars.js';
import { ElementScanner } from './element-scanner.js';
import { topLevelFields } from './top-level-fields.js';

/**
 * Returns the lines on which the elements of the list `logs` begin.
 * @param text a body `{"logs": [...]}`, which is valid JSON and has `logs` once
 * @param line the line on which the text begins
 */
export function linesOfLogs(text: string, line: number): number[] {
  const lines: number[] = [];
  const scanner = new ElementScanner();
  let current = line;
  let at = 0;
  for (const { name, from } of topLevelFields(text)) {
    if (name !== 'logs') continue;
    for (; at <= from; at += 1) if (text.charCodeAt(at) === CHAR.newline) current += 1;
    break;
  }
  while (at < text.length && text.charCodeAt(at) !== CHAR.closeList) {
    const code = text.charCodeAt(at);
    if (isBlank(code) || code === CHAR.comma) {
      if (code === CHAR.newline) current += 1;
      at += 1;
      continue;
    }
    lines.push(current);
    scanner.begin(at);
    if (scanner.scan(text) !== 'closed') break;
    current += scanner.newlines;
    at = scanner.at;
  }
  return lines;
}
