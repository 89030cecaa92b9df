/** The kinds of line of a job, or its lines, as the filters choose; page by page. */
import { button, el, fill } from './dom.js';
import { downloads } from './downloads.js';
import { filterBar } from './filter-bar.js';
import { areOfLines, filterQuery } from './filters.js';
import { kindsTable } from './kinds.js';
import { linesTable } from './lines.js';
import { problemPanel } from './problem-panel.js';
import { ask, Problem } from './server.js';
import { now, watch } from './state.js';
import { counted } from './words.js';

const PAGE = 100;

/** Shows bar, table and downloads in an element. */
export function results(container, signal) {
  let request = new AbortController();
  let mode = 'kinds';
  const heading = el('h2', { id: 'results-heading' }, 'Kinds of line');
  const count = el('p', { class: 'hint', role: 'status' });
  const modes = el('div', { class: 'modes', role: 'group', 'aria-label': 'What is listed' });
  const place = el('div', { class: 'listing' });
  container.append(
    el('div', { class: 'results-head' }, heading, modes, count, downloads(signal)),
    filterBar(signal),
    place,
  );
  watch(['filters'], () => void load(), signal);

  async function load() {
    const { filters } = now();
    const isLines = mode === 'lines' || areOfLines(filters);
    heading.textContent = isLines ? 'Lines' : 'Kinds of line';
    fill(
      modes,
      modeButton('Kinds', 'kinds', !isLines, areOfLines(filters)),
      modeButton('Lines', 'lines', isLines, false),
    );
    request.abort();
    request = new AbortController();
    const stop = AbortSignal.any([request.signal, signal]);
    place.setAttribute('aria-busy', 'true');
    try {
      const page = await askPage(isLines, null, stop);
      const table = isLines ? linesTable() : kindsTable(stop);
      table.append(page);
      fill(
        place,
        isEmpty(page) ? el('p', { class: 'nothing' }, 'No line fits these filters.') : table.element,
        more(table, page, isLines, stop),
      );
      count.textContent = isLines
        ? 'In the order of the file'
        : `${counted(page.count, 'kind')} with ${counted(page.rows, 'line')}`;
    } catch (error) {
      if (error.name === 'AbortError') return;
      if (!(error instanceof Problem)) throw error;
      fill(
        place,
        problemPanel(error),
        button('Try again', () => void load()),
      );
    } finally {
      if (!stop.aborted) place.removeAttribute('aria-busy');
    }
  }

  /** A search of lines looks through a part of them at a time, so a page may be short and not be the last. */
  function more(table, page, isLines, stop) {
    if (page.next_cursor === null) return undefined;
    let cursor = page.next_cursor;
    const next = button(
      'Show more',
      async () => {
        next.disabled = true;
        try {
          const following = await askPage(isLines, cursor, stop);
          table.append(following);
          cursor = following.next_cursor;
          if (cursor === null) next.remove();
        } catch (error) {
          if (error.name !== 'AbortError') next.before(problemPanel(error));
        } finally {
          next.disabled = false;
        }
      },
      { id: 'more' },
    );
    return next;
  }

  function modeButton(text, name, isChosen, isDisabled) {
    const onClick = () => {
      mode = name;
      void load();
      modes.querySelector('[aria-pressed="true"]')?.focus();
    };
    return button(text, onClick, { 'aria-pressed': isChosen, disabled: isDisabled, class: 'mode' });
  }
}

function askPage(isLines, cursor, signal) {
  const { job, filters } = now();
  const { q, sort } = filters;
  const query = isLines
    ? filterQuery(filters, { q, cursor, limit: PAGE })
    : filterQuery(filters, { q, sort, cursor, limit: PAGE });
  return ask(`/jobs/${job.id}/${isLines ? 'rows' : 'templates'}${query}`, { signal });
}

function isEmpty({ templates, rows, next_cursor: next }) {
  return next === null && (templates ?? rows).length === 0;
}
