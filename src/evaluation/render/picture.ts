import { markup, Markup } from './markup.js';

/** The content of a picture. */
export interface Drawing {
  /** Prefix of the ids in this picture; unique on the page. */
  readonly name: string;
  /** Describes the picture in a sentence, for screen readers. */
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly content: readonly Markup[];
}

/** Font size of normal text, in pixels. */
export const FONT_SIZE = 13;

/**
 * The style of all pictures. Every rule begins with `.picture`, because in a page the rules apply to the complete page.
 * Colours are repeated, because some SVG viewers do not support CSS variables. `right` and `wrong` are pale in the
 * light theme and dark in the dark theme, so that text on them is readable at any opacity.
 */
const STYLE = `
.picture { font: ${FONT_SIZE}px/1 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.picture text { fill: #1b2330; font-variant-numeric: tabular-nums; }
.picture .soft { fill: #55607a; }
.picture .small { font-size: 12px; }
.picture .strong { font-weight: 600; }
.picture .paper { fill: #ffffff; }
.picture .track { fill: #eef1f6; }
.picture .grid { stroke: #d5dbe7; }
.picture .axis { stroke: #8a94aa; }
.picture .dashes { stroke: #55607a; stroke-dasharray: 4 4; }
.picture .right { fill: #8db4f7; }
.picture .wrong { fill: #ffad70; }
.picture .bar { fill: #1f5fd6; }
.picture .dot { fill: #1f5fd6; stroke: #ffffff; }
.picture .curve { stroke: #1f5fd6; fill: none; }
.picture .whisker { stroke: #174bab; }
.picture .mark { stroke: #b3470c; }
.picture .marked { fill: #b3470c; stroke: #ffffff; }
@media (prefers-color-scheme: dark) {
  .picture text { fill: #e7ecf5; }
  .picture .soft { fill: #a5b0c6; }
  .picture .paper { fill: #19212e; }
  .picture .track { fill: #232d3f; }
  .picture .grid { stroke: #344057; }
  .picture .axis { stroke: #77839c; }
  .picture .dashes { stroke: #a5b0c6; }
  .picture .right { fill: #2c62bd; }
  .picture .wrong { fill: #96480f; }
  .picture .bar { fill: #7aa9ff; }
  .picture .dot { fill: #7aa9ff; stroke: #19212e; }
  .picture .curve { stroke: #7aa9ff; }
  .picture .whisker { stroke: #a3c4ff; }
  .picture .mark { stroke: #ffa05c; }
  .picture .marked { fill: #ffa05c; stroke: #19212e; }
}
`;

/**
 * Returns a drawing as SVG, for a file or a page. The SVG has its own background, so it is readable on any page.
 */
export function toSvg({ name, title, content, ...size }: Drawing): string {
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="picture" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${name}-title">
<title id="${name}-title">${title}</title>
<style>${new Markup(STYLE)}</style>
<rect class="paper" width="${width}" height="${height}" rx="8"/>
${content}
</svg>
`.text;
}

/** Estimates the width of a text in pixels. Rounds up, because the font is unknown here. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += relativeWidth(character) * FONT_SIZE;
  return width;
}

function relativeWidth(character: string): number {
  if (/[MWmw@%…]/.test(character) || character >= FIRST_WIDE) return 1;
  return /[A-Z]/.test(character) ? 0.7 : 0.58;
}

/** Nearly all characters from here on (East Asian scripts) are as wide as they are high. */
const FIRST_WIDE = '\u2e80';
