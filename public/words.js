/** Writes numbers, sizes and times in the browser's language. */

const languages = navigator.languages?.length ? [...navigator.languages] : undefined;
const whole = new Intl.NumberFormat(languages, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(languages, { maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat(languages, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const hundredths = new Intl.NumberFormat(languages, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const moments = new Intl.DateTimeFormat(languages, { dateStyle: 'medium', timeStyle: 'short' });
const clocks = new Intl.DateTimeFormat(languages, { timeStyle: 'short', timeZone: 'UTC' });
const dates = new Intl.DateTimeFormat(languages, { dateStyle: 'medium', timeZone: 'UTC' });
const logTimes = new Intl.DateTimeFormat(languages, {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'UTC',
});

const DAY_S = 86_400;

export const number = (count) => whole.format(count);
export const percent = (share) => shares.format(share);
export const confidence = (value) => (value === null ? '–' : hundredths.format(value));

/** Returns a count with its noun, such as "1,204 lines". */
export function counted(count, noun, nouns = `${noun}s`) {
  return `${whole.format(count)} ${count === 1 ? noun : nouns}`;
}

/** Returns a size, such as "48.3 MB". */
export function bytes(count) {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${short.format(count / 1000 ** power)} ${units[power]}`;
}

/** Returns a span of time, such as "6.1 s" or "2 min 5 s". */
export function seconds(count) {
  if (count < 60) return `${count < 10 ? short.format(count) : whole.format(count)} s`;
  if (count < 3600)
    return `${whole.format(Math.floor(count / 60))} min ${whole.format(Math.floor(count % 60))} s`;
  return `${whole.format(Math.floor(count / 3600))} h ${whole.format(Math.floor((count % 3600) / 60))} min`;
}

/** Returns a long span of time, such as "24 hours" or "7 days". */
export function longSpan(seconds) {
  if (seconds < 3600) return counted(Math.round(seconds / 60), 'minute');
  if (seconds < 3 * DAY_S) return counted(Math.round(seconds / 3600), 'hour');
  return counted(Math.round(seconds / DAY_S), 'day');
}

/** Returns a moment in the time zone of the reader. */
export const moment = (iso) => moments.format(new Date(iso));

/** Returns the time of a log line. Logs without a zone are read as UTC, so they are shown in it. */
export const logTime = (iso) => logTimes.format(new Date(iso));

/** Returns the time of an axis: of the day if the interval is shorter than a day, else the date. */
export function axisTime(iso, intervalSeconds) {
  return (intervalSeconds < DAY_S ? clocks : dates).format(new Date(iso));
}
