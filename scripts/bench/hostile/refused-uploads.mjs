import { csvOfNewLines, csvWithRaggedEnd, UnusedTemplates } from './new-lines.mjs';
import { post, tally } from './post.mjs';
import { verdict } from '../verdict.mjs';

const FILES = 8;
const ROWS = 1499;
const LINES = 10;
const MOST_ROUNDS = 3;

/**
 * Uploads eight files that are rejected for their last row, then immediately ten new lines. Repeats this a few times.
 * @returns {import('./attacks.mjs').Attack}
 */
export function refusedUploads() {
  return {
    name: '8 refused uploads, then ten new lines',
    async run({ address, signal, quick }) {
      const templates = new UnusedTemplates();
      const statuses = [];
      const waits = [];
      for (let round = 0; round < (quick ? 1 : MOST_ROUNDS) && !signal.aborted; round += 1) {
        const refused = await Promise.all(
          Array.from({ length: FILES }, () => {
            const body = csvWithRaggedEnd(templates.take(ROWS), ROWS);
            return post(address, { type: 'text/csv', body, signal });
          }),
        );
        statuses.push(...refused.map(({ status }) => status));
        const body = csvOfNewLines(templates.take(LINES), LINES);
        waits.push(await post(address, { type: 'text/csv', body, signal }));
      }
      const answered = waits.filter(({ status }) => status === 200).map(({ seconds }) => seconds);
      const slowest = answered.length === waits.length ? Math.max(...answered) : Infinity;
      const shown = waits.map(
        ({ status, seconds }) => `${status ?? 'no answer'} after ${seconds.toFixed(2)} s`,
      );
      return {
        note: `${tally(statuses)}; ten new lines: ${shown.join(', ')}`,
        verdicts: [verdict('ten new lines after refused uploads, slowest', slowest, 's', 'at most', 5)],
      };
    },
  };
}
