import type { ExamRecord } from '../../labelled-data/exam-csv.js';
import type { ClassifiedRecord } from '../classified-records.js';
import { mean, wilsonInterval, type Interval } from '../metrics/figures.js';
import { withContext, wrapped, type Wrapper, type Wrappers } from './wrappers.js';

/** What a wrapper does to the labels of its messages. */
export interface WrappedFigures {
  /** The share of the messages that get the same label as without the wrapper. */
  readonly sameLabel: number;
  /** 95 % interval of `sameLabel` (Wilson). */
  readonly interval: Interval;
  /** The share of the messages with a right label. */
  readonly right: number;
}

/** The figures of one wrapper. */
export interface WrapperFigures {
  readonly name: string;
  readonly plain: WrappedFigures;
  /** The same with 3 kB of other fields before the message; null unless the wrapper makes JSON objects. */
  readonly withContext: WrappedFigures | null;
}

/** The figures of a wrappers file. */
export interface WrappersReport {
  readonly file: string;
  readonly messages: number;
  /** The share of the bare messages with a right label. */
  readonly bareRight: number;
  readonly wrappers: readonly WrapperFigures[];
  /** All wrappers together. */
  readonly all: Omit<WrapperFigures, 'name'>;
}

/** A wrapper and the part of the report that its lines belong to. */
interface Variant {
  readonly wrapper: Wrapper;
  readonly hasContext: boolean;
}

function variantsOf({ wrappers }: Wrappers): Variant[] {
  return wrappers.flatMap((wrapper) => {
    const context = withContext(wrapper);
    return [{ wrapper, hasContext: false }, ...(context ? [{ wrapper: context, hasContext: true }] : [])];
  });
}

/** Returns the lines of a wrappers file: the bare messages, then each variant of each wrapper with all messages. */
export function wrapperRecords(content: Wrappers): ExamRecord[] {
  const texts = [
    ...content.messages.map(({ text }) => text),
    ...variantsOf(content).flatMap(({ wrapper }) =>
      content.messages.map(({ text }) => wrapped(text, wrapper)),
    ),
  ];
  return texts.map((message, index) => {
    const position = index % content.messages.length;
    const accepted = content.messages[position]?.expected ?? [];
    return { source: '', message, label: accepted[0] ?? '', accepted, line: position + 1 };
  });
}

/** @param lines the classified lines of `wrapperRecords` */
export function toWrappersReport(
  file: string,
  content: Wrappers,
  lines: readonly ClassifiedRecord<ExamRecord>[],
): WrappersReport {
  const size = content.messages.length;
  const bare = lines.slice(0, size);
  const compared = variantsOf(content).map((variant, index) => ({
    ...variant,
    answers: lines.slice((index + 1) * size, (index + 2) * size).map(({ result, right }, position) => {
      return { right, same: result.label === bare[position]?.result.label };
    }),
  }));
  type Compared = (typeof compared)[number];
  const figures = (of: readonly Compared[]): WrappedFigures | null => {
    const answers = of.flatMap((variant) => variant.answers);
    if (answers.length === 0) return null;
    const sameLabel = mean(answers.map(({ same }) => Number(same)));
    return {
      sameLabel,
      interval: wilsonInterval(sameLabel, answers.length),
      right: mean(answers.map(({ right }) => Number(right))),
    };
  };
  const both = (of: readonly Compared[]): Omit<WrapperFigures, 'name'> => ({
    plain: figures(of.filter(({ hasContext }) => !hasContext)) ?? {
      sameLabel: 0,
      interval: [0, 1],
      right: 0,
    },
    withContext: figures(of.filter(({ hasContext }) => hasContext)),
  });
  return {
    file,
    messages: size,
    bareRight: mean(bare.map(({ right }) => Number(right))),
    wrappers: content.wrappers.map(({ name }) => ({
      name,
      ...both(compared.filter(({ wrapper }) => wrapper.name === name)),
    })),
    all: both(compared),
  };
}
