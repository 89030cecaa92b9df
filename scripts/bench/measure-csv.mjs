import { runScript } from './children.mjs';
import { LoadFiles, removeFiles } from './load-files.mjs';
import { measureNaive } from './naive-way.mjs';
import { startProbes } from './probes.mjs';
import { startServer } from './server-process.mjs';
import { uploadPass } from './upload-pass.mjs';

/** Uploads to compare with the bare encoder, each between two of its runs. Single pairs differ by up to 10 %. */
const BARE_ROUNDS = 3;

/** Upper bound of the files prepared for a load, for short uploads. */
const MOST_FILES = 40;

/**
 * The environment of a measurement.
 * @typedef {object} Surroundings
 * @property {string} folder for files; removed at exit
 * @property {import('./options.mjs').Options} options
 * @property {(text: string) => void} say reports progress
 */

/**
 * The result of one load. Figures that do not apply to the load are missing.
 * @typedef {object} Result
 * @property {string} load
 * @property {number} readySeconds
 * @property {import('./probes.mjs').Latencies} [idle]
 * @property {import('./upload-pass.mjs').Pass} [alone] one upload to a fresh process, without other requests
 * @property {import('./upload-pass.mjs').Pass} [probed] uploads while probes run
 * @property {Partial<import('./probes.mjs').Latencies>} [busy] the latencies of the probes meanwhile
 * @property {{ alone?: number, end: number }} peakMegabytes after the first upload, and at the end
 * @property {{ templatesPerSecond: number, share: number }} [bare] the rate of the encoder alone, and the server's rate as a share of it
 * @property {import('./measure-interactive.mjs').Interactive} [interactive]
 * @property {import('./naive-way.mjs').Naive} naive
 */

/**
 * Measures a file load: the idle server, one upload alone, uploads under probes, and then the naive way.
 * @param {import('./loads.mjs').Load} load
 * @param {Surroundings} surroundings
 * @returns {Promise<Result>}
 */
export async function measureCsv(load, { folder, options, say }) {
  const files = new LoadFiles(folder, load);
  const first = await files.make();
  const server = await startServer(folder, options.server);
  /** @type {Omit<Result, 'naive'> & { alone?: import('./upload-pass.mjs').Pass }} */
  const result = { load: load.name, readySeconds: server.readySeconds, peakMegabytes: { end: 0 } };
  say('idle');
  result.idle = await (await startProbes(server.address, options.idleSamples)).answers();
  const before = load.bare ? [await bareRate(first, say)] : [];
  say('alone');
  const alone = await uploadPass(server, [first]);
  result.alone = alone;
  result.peakMegabytes.alone = server.peakMegabytes;
  if (load.bare) result.bare = await compareWithBare(server, files, { first, alone, before }, options, say);
  await removeFiles([first]);
  if (load.probed) Object.assign(result, await uploadProbed(server, files, load, alone, options, say));
  result.peakMegabytes.end = server.peakMegabytes;
  await server.stop();
  say('the naive way');
  const naive = await measureNaive(await files.makeSample(load.naiveRows), alone.rowsPerSecond);
  return { ...result, naive };
}

/**
 * Measures the user's file: one upload to a fresh process, then all lines the naive way.
 * @param {string} file
 * @param {Surroundings} surroundings
 * @returns {Promise<Result>}
 */
export async function measureFile(file, { folder, options, say }) {
  const server = await startServer(folder, options.server);
  const { readySeconds } = server;
  say('upload');
  const alone = await uploadPass(server, [{ path: file }]);
  const peak = server.peakMegabytes;
  await server.stop();
  say('the naive way');
  const naive = await measureNaive(file, alone.rowsPerSecond, options.quick ? 150 : undefined);
  if (!options.quick && naive.rows !== alone.rows) {
    throw new Error(`The server found ${alone.rows} rows, the naive way ${naive.rows}.`);
  }
  return { load: 'file', readySeconds, alone, peakMegabytes: { alone: peak, end: peak }, naive };
}

/** @returns {Promise<number>} templates per second of the encoder alone */
async function bareRate(
  /** @type {import('./load-files.mjs').LoadFile} */ file,
  /** @type {(text: string) => void} */ say,
) {
  say('bare encoder');
  const { templates, seconds } = await runScript('bare-encoder.mjs', [file.path]);
  return templates / seconds;
}

/** Measures the bare encoder again after each upload, because the speed of the machine varies. */
async function compareWithBare(
  /** @type {import('./server-process.mjs').ServerProcess} */ server,
  /** @type {LoadFiles} */ files,
  /** @type {{ first: import('./load-files.mjs').LoadFile, alone: import('./upload-pass.mjs').Pass, before: number[] }} */ {
    first,
    alone,
    before,
  },
  /** @type {import('./options.mjs').Options} */ { quick },
  /** @type {(text: string) => void} */ say,
) {
  const rates = [...before, await bareRate(first, say)];
  const passes = [alone];
  while (!quick && passes.length < BARE_ROUNDS) {
    const file = await files.make();
    say('alone, again');
    passes.push(await uploadPass(server, [file]));
    rates.push(await bareRate(file, say));
    await removeFiles([file]);
  }
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((all, one) => all + one, 0);
  const templatesPerSecond = sum(rates) / rates.length;
  const own =
    sum(passes.map(({ templates }) => templates ?? NaN)) / sum(passes.map(({ seconds }) => seconds));
  return { templatesPerSecond, share: own / templatesPerSecond };
}

/** Makes all files before the first upload, so that there is no pause between uploads. */
async function uploadProbed(
  /** @type {import('./server-process.mjs').ServerProcess} */ server,
  /** @type {LoadFiles} */ files,
  /** @type {import('./loads.mjs').Load} */ load,
  /** @type {import('./upload-pass.mjs').Pass} */ alone,
  /** @type {import('./options.mjs').Options} */ { seconds },
  /** @type {(text: string) => void} */ say,
) {
  const needed = load.otherTemplates ? Math.min(MOST_FILES, Math.ceil((1.2 * seconds) / alone.seconds)) : 1;
  say(`making ${needed} file(s)`);
  const made = [];
  while (made.length < needed) made.push(await files.make());
  say('under probes');
  const probes = await startProbes(server.address, Infinity);
  const probed = await uploadPass(server, made, { seconds, again: !load.otherTemplates });
  const busy = await probes.stop();
  await removeFiles(made);
  return { probed, busy };
}
