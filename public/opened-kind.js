/** A kind of line that was opened: its lines, why it has its label, and how to give it another. */
import { button, el, fill } from './dom.js';
import { filterQuery } from './filters.js';
import { linesTable } from './lines.js';
import { problemPanel } from './problem-panel.js';
import { ask } from './server.js';
import { now } from './state.js';
import { why } from './why.js';
import { wrong } from './wrong.js';

const PAGE = 10;

/** Returns what is shown below a kind. */
export function openedKind(kind, signal) {
  const lines = el('div', {}, el('p', { class: 'hint' }, 'Loading …'));
  void showLines(lines, kind, signal);
  return el('div', { class: 'opened-kind' }, lines, why(kind, signal), wrong(kind, signal));
}

async function showLines(place, kind, signal) {
  const { job, filters } = now();
  const askPage = (cursor) =>
    ask(`/jobs/${job.id}/rows${filterQuery(filters, { template: kind.id, cursor, limit: PAGE })}`, {
      signal,
    });
  const table = linesTable({ isShort: true });
  let cursor = null;
  const next = button('More of its lines', () => void load());
  fill(place, table.element);
  await load();

  async function load() {
    try {
      const page = await askPage(cursor);
      table.append(page);
      cursor = page.next_cursor;
      if (cursor === null) next.remove();
      else place.append(next);
    } catch (error) {
      if (error.name !== 'AbortError') place.append(problemPanel(error));
    }
  }
}
