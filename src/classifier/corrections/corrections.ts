import { randomBytes } from 'node:crypto';
import { TurnsByKey } from '../../async/turns-by-key.js';
import { toTemplate } from '../template/template.js';
import type { Logger } from '../types.js';
import { sourceKeyOf, type Correction, type NewCorrection } from './correction.js';
import { CorrectionSet } from './correction-set.js';
import { correctionsFileIn, readCorrections, writeCorrections } from './corrections-file.js';

/** What corrections need. */
export interface CorrectionsParts {
  logger: Logger;
  /** Tests replace it. */
  now?: () => Date;
}

/** The corrections of a folder. A change acts once it is on the disk; a change that cannot be written does not act. */
export class Corrections {
  #all: readonly Correction[];
  #lastSet: { all: readonly Correction[]; labels: ReadonlySet<string>; set: CorrectionSet } | undefined;
  /** Changes follow each other, so that none overwrites another. */
  readonly #turns = new TurnsByKey();

  private constructor(
    private readonly file: string,
    all: readonly Correction[],
    private readonly parts: CorrectionsParts,
  ) {
    this.#all = all;
  }

  /**
   * Reads the corrections of a folder, which need not exist.
   * @throws CorrectionsFileError when the file cannot be used, with a message that says how to fix it
   */
  static async open(dataDir: string, parts: CorrectionsParts): Promise<Corrections> {
    const file = correctionsFileIn(dataDir);
    const all = await readCorrections(file);
    if (all.length > 0) parts.logger.info({ file, corrections: all.length }, 'corrections are in use');
    return new Corrections(file, all, parts);
  }

  /** All corrections, the last one given last. Some may not act. */
  get all(): readonly Correction[] {
    return this.#all;
  }

  /**
   * Returns the corrections that act now. Equal arguments give the same object until the next change.
   * @param labels the labels that lines can get
   */
  setFor(labels: ReadonlySet<string>): CorrectionSet {
    const all = this.#all;
    if (this.#lastSet?.all !== all || this.#lastSet.labels !== labels)
      this.#lastSet = { all, labels, set: new CorrectionSet(all, labels) };
    return this.#lastSet.set;
  }

  /**
   * Gives a label to the template of a message. It replaces the correction with the same template and source, which keeps
   * its id.
   * @param given its message must have a template that is not empty
   * @throws CorrectionsFullError when there are too many; the system error when the file cannot be written
   */
  put({ message, label, source }: NewCorrection): Promise<Correction> {
    return this.#change((all) => {
      const narrowed = source !== undefined && /\S/.test(source) ? { source } : {};
      const wanted = { message, template: toTemplate(message), label, ...narrowed };
      const isSame = (other: Correction): boolean =>
        other.template === wanted.template && sourceKeyOf(other) === sourceKeyOf(wanted);
      const correction = {
        id: all.find(isSame)?.id ?? randomBytes(8).toString('hex'),
        ...wanted,
        created: (this.parts.now?.() ?? new Date()).toISOString(),
      };
      return { all: [...all.filter((other) => !isSame(other)), correction], result: correction };
    }, 'a template was corrected');
  }

  /**
   * Deletes a correction.
   * @returns the correction; undefined if there is none with this id
   * @throws the system error when the file cannot be written
   */
  remove(id: string): Promise<Correction | undefined> {
    return this.#change((all) => {
      const result = all.find((correction) => correction.id === id);
      return { all: result ? all.filter((correction) => correction !== result) : all, result };
    }, 'a correction was deleted');
  }

  /** Makes a change when those before it have ended, writes it, and then lets it act. */
  async #change<Result extends Correction | undefined>(
    change: (all: readonly Correction[]) => { all: readonly Correction[]; result: Result },
    logged: string,
  ): Promise<Result> {
    return await this.#turns.run(this.file, async () => {
      const { all, result } = change(this.#all);
      if (all === this.#all) return result;
      await writeCorrections(this.file, all);
      this.#all = all;
      // Never the message: it is a log line of a user.
      this.parts.logger.info({ correction: result?.id, label: result?.label }, logged);
      return result;
    });
  }
}
