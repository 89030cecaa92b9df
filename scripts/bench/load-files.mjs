import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkData } from './check-data.mjs';
import { checkPlan, writePlan, writeSample } from './data.mjs';
import { FIRST_PROBE_TEMPLATE } from './messages.mjs';

/** @typedef {{ path: string, rows: number, templates: number }} LoadFile */

/** Makes the files of one load. Each file has new templates. */
export class LoadFiles {
  #folder;
  #load;
  #made = 0;

  /**
   * @param {string} folder
   * @param {import('./loads.mjs').Load} load
   */
  constructor(folder, load) {
    this.#folder = folder;
    this.#load = load;
  }

  /** @returns {Promise<LoadFile>} the next file, checked and written */
  async make() {
    const { rows, templates } = this.#load;
    const plan = this.#plan(this.#made);
    checkPlan(plan);
    await checkData(plan);
    const path = join(this.#folder, `${this.#load.name}-${this.#made}.${this.#load.format}`);
    this.#made += 1;
    await writePlan(path, plan, this.#load.format);
    return { path, rows, templates };
  }

  /** @returns {Promise<string>} path of a file with a sample of the first file's rows */
  async makeSample(/** @type {number} */ rows) {
    const path = join(this.#folder, `${this.#load.name}-sample.csv`);
    await writeSample(path, this.#plan(0), rows);
    return path;
  }

  /** @returns {import('./data.mjs').Plan} */
  #plan(/** @type {number} */ file) {
    const { rows, templates, ruleShare, length } = this.#load;
    const firstTemplate = file * templates;
    if (firstTemplate + templates > FIRST_PROBE_TEMPLATE)
      throw new RangeError('The load needs more templates than there are.');
    return { rows, templates, ruleShare, length, firstTemplate };
  }
}

/** Removes files when they are no longer needed. Some have half a gigabyte. */
export async function removeFiles(/** @type {readonly LoadFile[]} */ files) {
  await Promise.all(files.map(({ path }) => rm(path)));
}
