import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Only the compiler reads declarations, and Node reads source maps only with --enable-source-maps. */
const TYPES_OR_MAP = /\.(d\.[cm]?ts|([cm]?js|css|[cm]?ts)\.map)$/;

/** `onnxruntime-node/bin/napi-v6/<system>/<processor>/<file>`. */
const ONNXRUNTIME_BINARY = /^((?:.*\/)?onnxruntime-node\/bin\/napi-v\d+)\/(\w+\/\w+)\//;

/**
 * The files of a node_modules folder that no server loads: type declarations, source maps, and the binaries of
 * onnxruntime-node for other systems than this one. Follows no link, so that every file lies in that folder.
 *
 * @param {string} modules
 * @param {string} [system] such as `linux/x64`
 */
export function unneededFiles(modules, system = `${process.platform}/${process.arch}`) {
  return filesIn(modules).filter((file) => {
    const path = relative(modules, file).split(sep).join('/');
    if (TYPES_OR_MAP.test(path)) return true;
    const [, binaries, itsSystem] = ONNXRUNTIME_BINARY.exec(path) ?? [];
    if (binaries === undefined || itsSystem === system) return false;
    // Where this system's folder is not where it is looked for, all of them stay.
    return existsSync(join(modules, binaries, system));
  });
}

/**
 * Every regular file under a folder, without what links lead to.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
