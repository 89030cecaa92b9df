/** Downloads: all lines or those that are filtered, as plain links, and the rows that could not be read. */
import { el, fill } from './dom.js';
import { filterQuery, isFiltered } from './filters.js';
import { NO_FILTERS, watch } from './state.js';
import { counted } from './words.js';

const FORMATS = [
  ['CSV', { format: 'csv' }],
  ['CSV for Excel', { format: 'csv', bom: 'true', excel_safe: 'true' }],
  ['NDJSON', { format: 'ndjson' }],
];

/** Returns a menu of links. Escape closes it. */
export function downloads(signal) {
  let hasDetails = false;
  const place = el('div', { class: 'sheet' });
  const summary = el('summary', { class: 'button' }, 'Download');
  const menu = el('details', { class: 'downloads', on: { keydown: close, focusout: leave } }, summary, place);
  watch(['filters', 'summary'], show, signal);
  return menu;

  function show({ job, filters, summary: result }) {
    const box = el('input', {
      type: 'checkbox',
      checked: hasDetails,
      on: {
        change: () => {
          hasDetails = box.checked;
          show({ job, filters, summary: result });
          place.querySelector('input').focus();
        },
      },
    });
    fill(
      place,
      isFiltered(filters) && links('What is filtered', job.id, filters),
      links(`All ${counted(result.rows, 'line')}`, job.id, NO_FILTERS),
      el('label', { class: 'check' }, box, 'with tier, confidence, rule and note'),
      result.rejected > 0 &&
        el(
          'p',
          {},
          el(
            'a',
            { href: `/jobs/${job.id}/rejected`, download: true },
            `${counted(result.rejected, 'line')} that could not be read`,
          ),
        ),
      el(
        'p',
        { class: 'hint' },
        'CSV for Excel: cells that Excel would run as a formula begin with a quote mark.',
      ),
    );
  }

  function links(text, id, filters) {
    const details = hasDetails ? { details: 'true' } : {};
    const all = FORMATS.map(([name, parameters]) =>
      el(
        'a',
        { href: `/jobs/${id}/result${filterQuery(filters, { ...parameters, ...details })}`, download: true },
        name,
      ),
    );
    return el('div', { class: 'links', role: 'group', 'aria-label': text }, el('p', {}, text), all);
  }

  function close(event) {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    summary.focus();
  }

  function leave({ relatedTarget }) {
    if (relatedTarget !== null && !menu.contains(relatedTarget)) menu.open = false;
  }
}
