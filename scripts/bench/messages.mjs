import { AREAS, PARTS, THINGS, VERBS } from './words.mjs';
import { scramble, Varying } from './vary.mjs';

/** The number of templates; a template has a number from 0 to ALL_TEMPLATES - 1. */
export const ALL_TEMPLATES = AREAS.length * PARTS.length * VERBS.length * THINGS.length;

/** The first template of the probes. No load uses templates from here on. */
export const FIRST_PROBE_TEMPLATE = Math.floor(ALL_TEMPLATES / 2);

/** A prime that does not divide the number of templates, so that each template number has its own words. */
const STRIDE = 1_299_709;

/** Shorter messages use the short form. */
const LONG_FORM_CHARS = 85;

/** @typedef {{ area: string, part: string, verb: string, thing: string }} Words */

/** @type {((words: Words, varying: Varying) => string)[]} */
const LONG_FORMS = [
  ({ area, part, verb, thing }, v) =>
    `${area} ${part} ${verb} ${thing} ${v.number(5)} for tenant ${v.number()} from ${v.ip()} after ${v.number()} ms`,
  ({ area, part, verb, thing }, v) =>
    `[${v.hex()}] ${area} ${part}: ${verb} ${thing} in ${v.number()} ms on worker ${v.number(2)} of pool ${v.number(2)}`,
  ({ area, part, verb, thing }, v) =>
    `${v.clock()} ${area} ${part} ${verb} ${thing} on node-${v.number(3)} request=${v.uuid()}`,
  ({ area, part, verb, thing }, v) =>
    `The ${part} of ${area} ${verb} ${thing} at ${v.date()} with ${v.number()} entries left to do`,
  ({ area, part, verb, thing }, v) =>
    `${area}.${part} - ${verb} ${thing}, id ${v.hex()}, peer ${v.ip()}, took ${v.number(2)}.${v.number(3)} s`,
  ({ area, part, verb, thing }, v) =>
    `job-${v.number(6)} (${area} ${part}) ${verb} ${thing} for account ${v.number(7)} in ${v.number()} ms`,
  ({ area, part, verb, thing }, v) =>
    `${v.ip()}:${v.number(5)} asked the ${area} ${part}; it ${verb} ${thing} in session ${v.hex()}`,
  ({ area, part, verb, thing }, v) =>
    `[worker ${v.number(2)}] ${area} ${part} ${verb} ${thing} ${v.number(6)} since ${v.date()}`,
  ({ area, part, verb, thing }, v) =>
    `batch ${v.uuid()}: ${area} ${part} ${verb} ${thing} after ${v.number(3)} tries`,
  ({ area, part, verb, thing }, v) =>
    `${area} ${part} ${verb} ${thing} while ${v.number(3)} of ${v.number()} tasks were waiting since ${v.clock()}`,
];

/** @type {(words: Words, varying: Varying) => string} */
const shortForm = ({ area, part, verb, thing }, v) =>
  `${area} ${part} ${verb} ${thing} after ${v.number()} ms`;

/** @type {((varying: Varying) => string)[]} */
const RULE_FORMS = [
  (v) => `User User${v.number()} logged ${v.below(2) === 0 ? 'in' : 'out'}.`,
  (v) => `Backup started at ${v.date()}.`,
  (v) => `System updated to version ${v.number(1)}.${v.number(2)}.${v.number()}.`,
  (v) => `File report_${v.number(6)}.xlsx uploaded successfully by user User${v.number(3)}.`,
  (v) => `Account with ID ${v.number(6)} created by User${v.number(3)}.`,
  (v) =>
    `${v.ip()} "GET /v2/${v.hex()}/orders HTTP/1.1" status: ${v.below(9) === 0 ? 404 : 200} len: ${v.number()} time: 0.${v.number(7)}`,
  (v) => `PUT /api/carts/${v.number(6)} returned 502 after ${v.number(2)} s`,
  (v) => `Failed password for invalid user guest${v.number(3)} from ${v.ip()} port ${v.number(5)} ssh2`,
  (v) => `Disk usage on /srv/volume${v.number(3)} is at ${10 + v.below(90)}%`,
  (v) => `pam_unix(sshd:session): session opened for user guest${v.number(3)}(uid=${v.number()}) by (uid=0)`,
];

/**
 * Returns a message of a template. The words depend on the template, the numbers and ids on the row.
 * @param {number} template from 0 to ALL_TEMPLATES - 1
 * @param {number} row
 * @param {number} length approximate number of characters, at least 60
 */
export function messageOf(template, row, length) {
  const varying = new Varying(row);
  const words = wordsOf(template);
  if (length < LONG_FORM_CHARS) return shortForm(words, varying);
  const form = LONG_FORMS[template % LONG_FORMS.length] ?? shortForm;
  return lengthen(form(words, varying), template, length, varying);
}

/**
 * Returns a message that a built-in rule matches. The row chooses one of ten forms.
 * @param {number} row
 */
export function ruleMessageOf(row) {
  const form = RULE_FORMS[scramble(row, 0) % RULE_FORMS.length] ?? (() => '');
  return form(new Varying(row));
}

/** @returns {Words} */
function wordsOf(/** @type {number} */ template) {
  if (template >= ALL_TEMPLATES)
    throw new RangeError(`Template ${template} is out of range: there are ${ALL_TEMPLATES} templates.`);
  let rest = (template * STRIDE) % ALL_TEMPLATES;
  const take = (/** @type {string[]} */ list) => {
    const word = list[rest % list.length] ?? '';
    rest = Math.floor(rest / list.length);
    return word;
  };
  return { area: take(AREAS), part: take(PARTS), verb: take(VERBS), thing: take(THINGS) };
}

/** Adds clauses until the message is long enough. Their words depend on the template, their numbers on the row. */
function lengthen(
  /** @type {string} */ message,
  /** @type {number} */ template,
  /** @type {number} */ length,
  /** @type {Varying} */ varying,
) {
  const pieces = [message];
  let chars = message.length;
  for (let clause = 0; chars < length - 12; clause += 1) {
    const chance = scramble(template, clause);
    const verb = VERBS[chance % VERBS.length] ?? '';
    const thing = THINGS[(chance >>> 8) % THINGS.length] ?? '';
    const piece = ` | ${verb} ${thing} ${varying.number()}`;
    pieces.push(piece);
    chars += piece.length;
  }
  return pieces.join('');
}
