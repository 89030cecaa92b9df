/** Stands in for sharp: transformers.js imports it to read images, and this project reads text only. */
export default function sharp() {
  throw new Error('Images cannot be read: this project replaces sharp by a stub (docs/dependencies.md).');
}
