import type { NumberMeaning } from './date-styles.js';

const dayMs = 86_400_000;
/** Day 0 of each way to count. Excel takes 1900 for a leap year, so days before March 1900 count from a day later. */
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);
/** The last day that Excel shows: 31 December 9999. */
const lastDay = 2_958_466;

/**
 * Returns a number that a sheet shows as a date or time in ISO form: `2026-11-26 05:00:00`, `2026-11-26` for a whole day
 * whose format has no time, `05:00:00` for a time without a day. Milliseconds are written if there are any.
 * @param text the number as it stands in the sheet
 * @returns `text` if it is not a date that Excel can show
 */
export function formatExcelDate(text: string, meaning: NumberMeaning, date1904: boolean): string {
  const days = Number(text);
  if (meaning === 'number' || text.trim() === '' || !(days >= 0 && days < lastDay)) return text;
  const shift = !date1904 && days < 60 ? 1 : 0;
  const date = new Date((date1904 ? epoch1904 : epoch1900) + Math.round((days + shift) * dayMs));
  if (Number.isNaN(date.getTime())) return text;
  const [day = '', clock = ''] = date.toISOString().split('T');
  const time = clock.slice(0, clock.endsWith('.000Z') ? 8 : 12);
  if (meaning === 'time' && days < 1) return time;
  if (meaning === 'date' && Number.isInteger(days)) return day;
  return `${day} ${time}`;
}
