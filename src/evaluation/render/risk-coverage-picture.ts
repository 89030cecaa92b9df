import { wilsonInterval } from '../metrics/figures.js';
import { percent } from './text-table.js';
import { AXIS_ROOM, Scale, type Axis } from './axes.js';
import { markup, type Markup } from './markup.js';
import { wholePercent } from './numbers.js';
import { toSvg } from './picture.js';
import type { RiskCoverage, RiskPoint } from '../metrics/risk-coverage.js';

const SIZE = { width: 420, height: 420 } as const;
const AREA = { left: AXIS_ROOM.left, top: 66, width: SIZE.width - AXIS_ROOM.left - 26, height: 292 } as const;

const COVERAGE: Axis = {
  from: 0,
  to: 1,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  label: 'coverage: lines that keep their label',
  format: wholePercent,
};

/** The possible upper ends of the vertical axis, each with the distance between its ticks. */
const TOPS = [
  [0.05, 0.01],
  [0.1, 0.02],
  [0.2, 0.05],
  [0.3, 0.1],
  [0.5, 0.1],
  [0.8, 0.2],
  [1, 0.2],
] as const;

/** The risk of fewer lines than this varies too much to set the scale of the vertical axis. */
const MIN_LINES_FOR_SCALE = 20;

/** The least horizontal distance between two marks, in pixels. The labels of closer marks would overlap. */
const MARK_DISTANCE = 36;

/**
 * Returns the risk-coverage curve as the text of an SVG picture. The curve shows the share of wrong labels when only the
 * most confident lines keep their label, with its 95 % interval. It marks the head's threshold and higher round
 * thresholds.
 */
export function riskCoveragePicture({ curve, choices, threshold }: RiskCoverage): string {
  const scale = new Scale(AREA, COVERAGE, riskAxis(curve));
  // At the last point all lines above the head's threshold keep their label.
  const end = curve.at(-1);
  const summary = end ? sentence(end) : 'no line kept a label of this tier';
  return toSvg({
    name: 'risk-coverage',
    title: `Risk-coverage curve of the embedding tier, threshold ${threshold}: ${summary}`,
    ...SIZE,
    content: [
      markup`<text class="strong" x="${AREA.left}" y="28">At the head’s threshold ${String(threshold)}</text>
<text class="soft" x="${AREA.left}" y="46">${summary}</text>`,
      clip(),
      scale.axes(),
      band(curve, scale),
      line(curve, scale),
      // The first choice is the head's threshold, which has its own mark.
      ...marks(choices.slice(1), end, scale),
      ...(end ? [thresholdMark(end, scale)] : []),
    ],
  });
}

function sentence({ coverage, risk }: RiskPoint): string {
  return `${percent(coverage)} keep a label, ${percent(risk)} of these wrong`;
}

/** Returns the vertical axis. It ends at least 30 % above the highest risk, so that labels above the curve fit. */
function riskAxis(curve: readonly RiskPoint[]): Axis {
  const steady = curve.filter(({ lines }) => lines >= MIN_LINES_FOR_SCALE);
  const highest = Math.max(...(steady.length > 0 ? steady : curve).map(({ risk }) => risk), 0);
  const [to, step] = TOPS.find(([top]) => top >= highest * 1.3) ?? [1, 0.2];
  const ticks = Array.from({ length: Math.round(to / step) + 1 }, (_, index) => index * step);
  return { from: 0, to, ticks, label: 'risk: share of wrong labels', format: wholePercent };
}

/** Defines the clip path of curve and interval. At the far left, points with few lines may be above the area. */
function clip(): Markup {
  const { left, top, width, height } = AREA;
  return markup`<clipPath id="risk-coverage-area"><rect x="${left}" y="${top}" width="${width}" height="${height + 2}"/></clipPath>`;
}

/** Draws the 95 % interval. */
function band(curve: readonly RiskPoint[], scale: Scale): Markup {
  const edge = (end: 0 | 1): string[] =>
    curve.map(({ coverage, risk, lines }) => pointAt(coverage, wilsonInterval(risk, lines)[end], scale));
  const outline = [...edge(1), ...edge(0).reverse()].join(' ');
  return markup`<polygon class="right" fill-opacity="0.3" points="${outline}" clip-path="url(#risk-coverage-area)"/>`;
}

/** Draws the curve. */
function line(curve: readonly RiskPoint[], scale: Scale): Markup {
  const points = curve.map(({ coverage, risk }) => pointAt(coverage, risk, scale)).join(' ');
  return markup`<polyline class="curve" stroke-width="2" stroke-linejoin="round" points="${points}" clip-path="url(#risk-coverage-area)"/>`;
}

function pointAt(coverage: number, risk: number, scale: Scale): string {
  return `${scale.x(coverage).toFixed(1)},${scale.y(risk).toFixed(1)}`;
}

/** Marks thresholds from right to left. Skips a threshold that is too close to the previous mark or above the area. */
function marks(choices: readonly RiskPoint[], end: RiskPoint | undefined, scale: Scale): Markup[] {
  let maxX = scale.x(end?.coverage ?? 0) - MARK_DISTANCE;
  return choices.flatMap(({ confidence, coverage, risk }) => {
    const [x, y] = [scale.x(coverage), scale.y(risk)];
    if (x > maxX || y < AREA.top) return [];
    maxX = x - MARK_DISTANCE;
    return [
      markup`<circle class="dot" stroke-width="1.5" cx="${x}" cy="${y}" r="4.5"/>${markLabel(String(confidence), x, y)}`,
    ];
  });
}

/** Puts the label below the mark, or above it if there is no room between the mark and the horizontal axis. */
function markLabel(label: string, x: number, y: number): Markup {
  const below = y + 22 < AREA.top + AREA.height;
  if (below) return markup`<text class="small" x="${x + 5}" y="${y + 17}">${label}</text>`;
  return markup`<text class="small" x="${x}" y="${y - 11}" text-anchor="middle">${label}</text>`;
}

function thresholdMark({ coverage, risk }: RiskPoint, scale: Scale): Markup {
  const x = scale.x(coverage);
  return markup`<line class="mark" stroke-width="1.5" stroke-dasharray="3 3" x1="${x}" x2="${x}" y1="${AREA.top}" y2="${scale.y(0)}"/>
<circle class="marked" stroke-width="1.5" cx="${x}" cy="${scale.y(risk)}" r="6"/>
<text class="small" x="${x - 8}" y="${AREA.top + 12}" text-anchor="end">threshold</text>`;
}
