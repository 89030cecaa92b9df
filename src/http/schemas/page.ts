/** Describes the answer to a browser at an address that answers programs with JSON. */
export const pageForBrowsers = {
  'text/html': { type: 'string', description: 'The same as a page, for clients that prefer text/html.' },
} as const;
