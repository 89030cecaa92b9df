import type { EvaluationReport } from '../evaluate.js';
import { barsPicture } from './bars-picture.js';
import { confusionPicture } from './confusion-picture.js';
import { grouped } from './numbers.js';
import { reliabilityPicture } from './reliability-picture.js';
import { riskCoveragePicture } from './risk-coverage-picture.js';
import {
  confusionTable,
  labelTable,
  mistakeTable,
  reliabilityTable,
  sourceTable,
  thresholdTable,
  tierTable,
  type Table,
} from './tables.js';

/** A part of the report: what the page shows as pictures and tables, and Markdown as tables alone. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** What a reader must know to read the figures rightly. */
  readonly remark: string;
  /** An SVG of the same figures, and how to read it. */
  readonly picture?: { readonly svg: string; readonly note: string };
  readonly tables: readonly Table[];
}

/** Everything after the headline, in the order of reading. */
export function toSections(report: EvaluationReport): Section[] {
  return [
    confusion(report),
    labels(report),
    confidence(report),
    threshold(report),
    mistakes(report),
    parts(report),
  ];
}

function confusion(report: EvaluationReport): Section {
  return {
    id: 'confusion-matrix',
    title: 'Confusion matrix',
    remark:
      'Which label was taken for which: a row for each right label, a column for each label that was given.',
    picture: {
      svg: confusionPicture(report.confusion),
      note: 'The shade is the share of the row: blue for right, orange for wrong.',
    },
    tables: [confusionTable(report)],
  };
}

function labels(report: EvaluationReport): Section {
  return {
    id: 'labels',
    title: 'Labels',
    remark:
      'Precision: of the lines given a label, how many should have it. Recall: of the lines that should have it, ' +
      'how many were given it. F1 is the harmonic mean of both.',
    picture: { svg: barsPicture(report.perLabel), note: 'Lines: how many should have the label.' },
    tables: [labelTable(report)],
  };
}

function confidence(report: EvaluationReport): Section {
  return {
    id: 'confidence',
    title: 'Confidence',
    remark:
      'Of lines with confidence 0.8, eight in ten should be right. Counted are the lines that kept the label of ' +
      'the embedding tier.',
    picture: {
      svg: reliabilityPicture({ bins: report.reliability, error: report.embeddingEce }),
      note: 'Points on the diagonal are right as often as they claim; the thin lines are 95 % intervals.',
    },
    tables: [reliabilityTable(report)],
  };
}

function threshold(report: EvaluationReport): Section {
  const { withheld } = report.riskCoverage;
  const under =
    withheld === 0
      ? 'No line is under the head’s threshold.'
      : `Lines under the head’s threshold, ${grouped(withheld)} here, count as not covered: which label was withheld ` +
        'from them is not known.';
  return {
    id: 'threshold',
    title: 'Threshold',
    remark:
      'With a higher threshold fewer lines of the embedding tier keep a label, and fewer of these labels are wrong. ' +
      under,
    picture: {
      svg: riskCoveragePicture(report.riskCoverage),
      note: 'Points are other thresholds; the shade is the 95 % interval, wide at the left where lines are few.',
    },
    tables: [thresholdTable(report)],
  };
}

function mistakes(report: EvaluationReport): Section {
  const wrong = Math.round(report.n * (1 - report.accuracy));
  const listed = report.worstMistakes.length;
  return {
    id: 'mistakes',
    title: 'Mistakes',
    remark:
      `${grouped(listed)} of ${grouped(wrong)} lines with a wrong label, the most confident first. A line that ` +
      'nothing was sure enough about counts as the least confident.',
    tables: [mistakeTable(report)],
  };
}

function parts(report: EvaluationReport): Section {
  return {
    id: 'tiers-and-sources',
    title: 'Tiers and sources',
    remark: 'Each line is labelled by one tier: the LLM, a rule or the embedding tier.',
    tables: [tierTable(report), sourceTable(report)],
  };
}
