/** Which rows a question is about. All conditions must hold; a list holds if one of its entries does. */
export interface RowFilter {
  /** Kinds, as `kindToText` writes them. */
  readonly templates?: readonly string[];
  readonly labels?: readonly string[];
  readonly sources?: readonly string[];
  readonly tiers?: readonly string[];
  readonly notes?: readonly string[];
  /** The labels that the records had in the input. */
  readonly ownLabels?: readonly string[];
  readonly minConfidence?: number;
  /** Rows without a confidence are left out. */
  readonly maxConfidence?: number;
  /** Rows with a time from this one on, in milliseconds since 1970. */
  readonly since?: number;
  /** Rows with a time before this one. */
  readonly until?: number;
}

/** A page of rows. */
export interface RowsQuestion {
  readonly filter: RowFilter;
  /** A text that the message contains, in any case. */
  readonly text?: string;
  /** The number of the first row that may be in the page, counted from 0. */
  readonly from: number;
  readonly limit: number;
}

/** The label of a row, or that of all rows of a template. */
export interface StoredLabel {
  readonly label: string;
  readonly tier: string;
  /** The least one, if it is for several rows. */
  readonly confidence: number | null;
  readonly rule: string | null;
  readonly note: string | null;
}

/** A labelled row. */
export interface StoredRow extends StoredLabel {
  /** Counted from 0. */
  readonly row: number;
  readonly line: number;
  readonly source: string;
  readonly message: string;
  readonly time: number | null;
  readonly ownLabel: string | null;
  readonly template: string;
}

/** A page of rows, in the order of the input. */
export interface RowsPage {
  readonly rows: readonly StoredRow[];
  /** Where the next page begins; null after the last one. A page of a text search may be short and have a next one. */
  readonly next: number | null;
}

/** The orders of templates: most rows first, least confident first, or as they appear in the input. */
export const TEMPLATE_ORDERS = ['rows', 'confidence', 'first'] as const;
export type TemplateOrder = (typeof TEMPLATE_ORDERS)[number];

/** A page of templates. */
export interface TemplatesQuestion {
  readonly filter: Pick<
    RowFilter,
    'labels' | 'sources' | 'tiers' | 'notes' | 'minConfidence' | 'maxConfidence'
  >;
  /** A text that the template or its example contains, in any case. */
  readonly text?: string;
  readonly order: TemplateOrder;
  /** How many templates to skip. The templates of a finished job do not change, so a number is a stable cursor. */
  readonly skip: number;
  readonly limit: number;
}

/** A kind of line: its template, how it was labelled, and how many rows are of this kind. */
export interface StoredTemplate extends StoredLabel {
  readonly id: string;
  readonly template: string;
  readonly example: string;
  readonly rows: number;
  readonly firstLine: number;
  readonly lastLine: number;
  /** The source with the most rows, and how many sources there are. */
  readonly source: string;
  readonly sources: number;
}

/** A page of templates. */
export interface TemplatesPage {
  readonly templates: readonly StoredTemplate[];
  /** How many templates fit the question. */
  readonly count: number;
  /** How many rows these templates have. */
  readonly rows: number;
}
