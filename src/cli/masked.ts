/** Masks control and format characters, because they could control the terminal. Tabs stay. */
export function masked(text: string): string {
  return text.replace(/[^\P{Cc}\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
