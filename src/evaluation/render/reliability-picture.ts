import { AXIS_ROOM, Scale, type Axis } from './axes.js';
import { markup, type Markup } from './markup.js';
import { brief, wholePercent } from './numbers.js';
import { toSvg } from './picture.js';
import type { ReliabilityBin } from '../metrics/reliability.js';

/** The figures in the diagram, from an EvaluationReport. */
export interface Reliability {
  readonly bins: readonly ReliabilityBin[];
  /** The expected calibration error; null without lines. */
  readonly error: number | null;
}

const SIZE = { width: 420, height: 420 } as const;
const AREA = { left: AXIS_ROOM.left, top: 48, width: SIZE.width - AXIS_ROOM.left - 26, height: 230 } as const;

/** The bars below the plot, with the number of lines in each interval. */
const COUNTS = { top: AREA.top + AREA.height + AXIS_ROOM.below + 26, height: 46 } as const;

const FIFTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const CONFIDENCE: Axis = {
  from: 0,
  to: 1,
  ticks: FIFTHS,
  label: 'confidence',
  format: (value) => value.toFixed(1),
};
const SHARE: Axis = { from: 0, to: 1, ticks: FIFTHS, label: 'share of right labels', format: wholePercent };

/**
 * Draws the reliability diagram: for each interval of confidence the share of right labels with its 95 % interval. On
 * the diagonal, both are equal. Bars below show the number of lines.
 */
export function reliabilityPicture({ bins, error }: Reliability): string {
  const scale = new Scale(AREA, CONFIDENCE, SHARE);
  const summary =
    error === null ? 'no line kept a label of this tier' : `expected calibration error ${error.toFixed(3)}`;
  return toSvg({
    name: 'reliability',
    title: `Reliability diagram of the embedding tier: ${summary}`,
    ...SIZE,
    content: [
      markup`<text class="strong" x="${AREA.left}" y="28">${capitalised(summary)}</text>`,
      scale.axes(),
      ...bins.map((bin) => accuracyBar(bin, scale)),
      diagonal(scale),
      ...bins.map((bin) => point(bin, scale)),
      counts(bins, scale),
    ],
  });
}

function accuracyBar({ from, to, accuracy }: ReliabilityBin, scale: Scale): Markup {
  const top = scale.y(accuracy ?? 0);
  return markup`<rect class="right" fill-opacity="0.55" x="${scale.x(from) + 2}" y="${top}" width="${scale.x(to) - scale.x(from) - 4}" height="${scale.y(0) - top}"/>`;
}

function diagonal(scale: Scale): Markup {
  return markup`<line class="dashes" x1="${scale.x(0)}" y1="${scale.y(0)}" x2="${scale.x(1)}" y2="${scale.y(1)}"/>`;
}

function point({ meanConfidence, accuracy, accuracyInterval }: ReliabilityBin, scale: Scale): Markup {
  if (meanConfidence === null || accuracy === null || accuracyInterval === null) return markup``;
  const x = scale.x(meanConfidence);
  const [low, high] = accuracyInterval;
  return markup`<line class="whisker" stroke-width="1.5" x1="${x}" x2="${x}" y1="${scale.y(low)}" y2="${scale.y(high)}"/>
<circle class="dot" stroke-width="1.5" cx="${x}" cy="${scale.y(accuracy)}" r="5"/>`;
}

function counts(bins: readonly ReliabilityBin[], scale: Scale): Markup {
  const most = Math.max(...bins.map(({ lines }) => lines), 1);
  const bottom = COUNTS.top + COUNTS.height;
  const bars = bins.map(({ from, to, lines }) => {
    const height = (lines / most) * COUNTS.height;
    const width = scale.x(to) - scale.x(from);
    return markup`<rect class="bar" x="${scale.x(from) + 2}" y="${bottom - height}" width="${width - 4}" height="${height}"/>
<text class="${lines === 0 ? 'soft small' : 'small'}" x="${scale.x(from) + width / 2}" y="${bottom - height - 5}" text-anchor="middle">${brief(lines)}</text>`;
  });
  return markup`${bars}<line class="axis" x1="${AREA.left}" x2="${AREA.left + AREA.width}" y1="${bottom}" y2="${bottom}"/>
<text class="soft" x="${AREA.left - 8}" y="${bottom - 2}" text-anchor="end">lines</text>`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
