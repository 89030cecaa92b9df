/** Bounds of a form's parts. Text fields are held in memory before an upload has a place. */
export const FORM_LIMITS = { files: 10, fields: 20, fieldSize: 4 * 1024, parts: 30 } as const;
