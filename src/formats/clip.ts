/** Shortens a name that a client sent to 40 characters, for an error message. */
export function clip(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
