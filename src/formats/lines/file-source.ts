/** Maximum number of characters of a source that comes from a file name. */
const maxChars = 150;

const suffixes = [
  // Compression.
  /\.(?:gz|gzip|zst|br|bz2|xz|zip|deflate)$/i,
  // Kinds of log files.
  /\.(?:log|logs|txt|text|out|err|old|bak)$/i,
  // Files of tables and objects, which may be read as lines.
  /\.(?:csv|tsv|tab|psv|json|jsonl|ndjson|dat)$/i,
  // Rotation: app.log.1, app-20261126, app.2026-11-26, app_2026-11-26_05.
  /\.\d{1,5}$/,
  /[-_.]\d{4}[-_.]?\d\d[-_.]?\d\d(?:[-_.T]?\d{2,6}){0,3}$/,
];

/**
 * Returns the source of lines that name none: the name of their file without folder, compression, extensions of log
 * and data files, and rotation suffixes. `/var/log/nginx/error.log.2.gz` gives `error`. It is empty if there is no name.
 */
export function sourceOfFile(fileName: string | undefined): string {
  let name =
    (fileName ?? '')
      .slice(-4 * maxChars)
      .split(/[/\\]/)
      .pop() ?? '';
  // Control and format characters. Some reverse the direction of text.
  name = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
  for (let found = true; found;) {
    found = false;
    for (const suffix of suffixes) {
      const shorter = name.replace(suffix, '');
      if (shorter === name) continue;
      name = shorter;
      found = true;
    }
  }
  return name.slice(0, maxChars).toWellFormed();
}
