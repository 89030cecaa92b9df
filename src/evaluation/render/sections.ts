import type { EvaluationReport } from '../evaluate.js';
import { barsPicture } from './bars-picture.js';
import { confusionPicture } from './confusion-picture.js';
import { grouped } from './numbers.js';
import { reliabilityPicture } from './reliability-picture.js';
import { riskCoveragePicture } from './risk-coverage-picture.js';
import {
  confusionTable,
  labelReliabilityTable,
  labelTable,
  mistakeTable,
  reliabilityTable,
  sourceTable,
  thresholdTable,
  tierTable,
  type Table,
} from './tables.js';

/** A part of the report. The page shows picture and tables, Markdown only the tables. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** How to read the figures. */
  readonly remark: string;
  /** A picture of the same figures, and how to read it. */
  readonly picture?: { readonly svg: string; readonly note: string };
  readonly tables: readonly Table[];
}

/** Returns the parts of the report after the headline, in order. */
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
    remark: 'Each row is a right label, each column a label that was given.',
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
      'Precision: the share of right lines among those given a label. Recall: the share of the lines with this right ' +
      'label that were given it. F1: the harmonic mean of both.',
    picture: { svg: barsPicture(report.perLabel), note: 'Lines: the number of lines with this right label.' },
    tables: [labelTable(report)],
  };
}

function confidence(report: EvaluationReport): Section {
  return {
    id: 'confidence',
    title: 'Confidence',
    remark:
      'Eight in ten lines with confidence 0.8 should be right. Only lines that kept the label of the embedding tier ' +
      'are counted.',
    picture: {
      svg: reliabilityPicture({ bins: report.reliability, error: report.embeddingEce }),
      note: 'On the diagonal, confidence and share of right labels are equal. The thin lines are 95 % intervals.',
    },
    tables: [reliabilityTable(report), labelReliabilityTable(report)],
  };
}

function threshold(report: EvaluationReport): Section {
  const { withheld } = report.riskCoverage;
  const notCovered =
    withheld === 0
      ? 'No line is below the head’s threshold.'
      : `${grouped(withheld)} lines below the head’s threshold count as not covered, because their withheld label is unknown.`;
  return {
    id: 'threshold',
    title: 'Threshold',
    remark:
      'With a higher threshold, fewer lines of the embedding tier keep a label, and fewer of these labels are wrong. ' +
      notCovered,
    picture: {
      svg: riskCoveragePicture(report.riskCoverage),
      note: 'Points are other thresholds. The shaded area is the 95 % interval; it is wide where there are few lines.',
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
      `${grouped(listed)} of ${grouped(wrong)} lines with a wrong label, the most confident first. Lines below the ` +
      'threshold come last.',
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
