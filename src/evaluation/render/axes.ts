import { markup, type Markup } from './markup.js';

/** An axis of a plot. */
export interface Axis {
  /** The value at the start of the axis. */
  readonly from: number;
  /** The value at its end. */
  readonly to: number;
  readonly ticks: readonly number[];
  readonly label: string;
  /** Formats the value of a tick. */
  readonly format: (value: number) => string;
}

/** The rectangle of a plot in its picture, in pixels, without the text around it. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels for ticks and labels to the left of the area and below it. */
export const AXIS_ROOM = { left: 62, below: 50 } as const;

/** Converts values into pixels. Values grow to the right and upwards. */
export class Scale {
  constructor(
    readonly area: Area,
    private readonly horizontal: Axis,
    private readonly vertical: Axis,
  ) {}

  x(value: number): number {
    const { from, to } = this.horizontal;
    return this.area.left + ((value - from) / (to - from)) * this.area.width;
  }

  y(value: number): number {
    const { from, to } = this.vertical;
    return this.area.top + this.area.height - ((value - from) / (to - from)) * this.area.height;
  }

  /** Draws grid, ticks and labels. */
  axes(): Markup {
    const { left, top, width, height } = this.area;
    const bottom = top + height;
    const middle = top + height / 2;
    return markup`<g>${this.vertical.ticks.map((tick) => this.#row(tick))}${this.horizontal.ticks.map((tick) => this.#column(tick))}
<line class="axis" x1="${left}" x2="${left + width}" y1="${bottom}" y2="${bottom}"/>
<text class="soft" x="${left + width / 2}" y="${bottom + 42}" text-anchor="middle">${this.horizontal.label}</text>
<text class="soft" transform="translate(${left - 48} ${middle}) rotate(-90)" text-anchor="middle">${this.vertical.label}</text></g>`;
  }

  #row(tick: number): Markup {
    const { left, width } = this.area;
    const y = this.y(tick);
    return markup`<line class="grid" x1="${left}" x2="${left + width}" y1="${y}" y2="${y}"/><text class="soft small" x="${left - 8}" y="${y + 4}" text-anchor="end">${this.vertical.format(tick)}</text>`;
  }

  #column(tick: number): Markup {
    const bottom = this.area.top + this.area.height;
    const x = this.x(tick);
    return markup`<line class="axis" x1="${x}" x2="${x}" y1="${bottom}" y2="${bottom + 4}"/><text class="soft small" x="${x}" y="${bottom + 19}" text-anchor="middle">${this.horizontal.format(tick)}</text>`;
  }
}
