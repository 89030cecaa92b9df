import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Only the compiler reads type declarations. Node reads source maps only with --enable-source-maps. */
const TYPES_OR_MAP = /\.(d\.[cm]?ts|([cm]?js|css|[cm]?ts)\.map)$/;

/** `onnxruntime-node/bin/napi-v6/<system>/<processor>/<file>`. */
const ONNXRUNTIME_BINARY = /^((?:.*\/)?onnxruntime-node\/bin\/napi-v\d+)\/(\w+\/\w+)\//;

/**
 * Returns the files of a node_modules folder that no server loads: type declarations, source maps, and the binaries of
 * onnxruntime-node for other systems. Links are not followed, so every file is inside the folder.
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
    // Keep all binaries if the folder for this system is missing: the layout may have changed.
    return existsSync(join(modules, binaries, system));
  });
}

/**
 * Returns every regular file in a folder and its subfolders. Links are not followed.
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
