/**
 * Words for the bench's log lines. Templates differ only in their words, so a list must not contain a word twice. No
 * word may be one after which the masks keep a number (`code`, `status`, `exit`), see
 * src/classifier/template/masks.ts.
 */

const split = (/** @type {string} */ text) => text.trim().split(/\s*,\s*/);

/** Business areas. */
export const AREAS = split(`
  Invoice, Payroll, Shipment, Customs, Inventory, Pricing, Booking, Loyalty, Refund, Ledger, Tax, Warehouse,
  Catalogue, Voucher, Subscription, Newsletter, Fleet, Tariff, Meter, Roaming, Claims, Underwriting, Laboratory,
  Pharmacy, Admission, Timetable, Enrolment, Examination, Library, Archive, Recruiting, Appraisal, Holiday, Travel,
  Procurement, Tender, Contract, Dispatch, Courier, Forecast, Survey, Telemetry, Greenhouse, Brewery, Ferry,
  Harbour, Parking, Ticketing`);

/** Components that write the line. */
export const PARTS = split(`
  importer, exporter, scheduler, dispatcher, collector, aggregator, validator, renderer, planner, resolver, crawler,
  indexer, notifier, reconciler, balancer, allocator, archiver, replicator, translator, publisher, subscriber, poller,
  sampler, normaliser, deduplicator, enricher, matcher, splitter, merger, router, gatekeeper, accountant, auditor,
  broker, watcher, janitor, loader, packer, printer, estimator, calculator, converter, responder, forwarder,
  registrar, inspector, assembler, librarian`);

/** Actions. */
export const VERBS = split(`
  accepted, rejected, postponed, queued, merged, discarded, reopened, confirmed, cancelled, skipped, forwarded,
  delivered, lost, repaired, quarantined, duplicated, encrypted, unpacked, compressed, truncated, verified, locked,
  released, escalated, expired, renamed, moved, copied, flagged, approved, recalculated, refreshed, abandoned,
  retried, mirrored, downgraded, unlinked, annotated, withheld, restored`);

/** Objects of the actions. */
export const THINGS = split(`
  the shipment record, a customer letter, the nightly batch, an open order, the price list, a delivery note,
  the audit trail, a payment request, the stock count, an address change, the exchange rates, a return label,
  the cost report, a duty roster, the seat map, an insurance form, the parts catalogue, a meter reading,
  the access list, a support case, the search index, an image preview, the tax table, a credit memo,
  the route plan, a visitor badge, the mailing list, an attachment, the work order, a spare key,
  the sales figures, a test result, the quota, an invitation, the translation file, a signature,
  the waiting list, a service contract, the cash journal, an expense claim, the timetable, a barcode scan,
  the customer profile, a pick list, the freight papers, an import licence, the coupon book, a locker number`);

/** Values of the column `source`. None of them is in LLM_SOURCES. */
export const SOURCES = split(`
  BillingHub, DepotControl, FrontDesk, RouteOffice, StockRoom, PeopleBase, PlantFloor, ShopWindow, NightWatch`);
