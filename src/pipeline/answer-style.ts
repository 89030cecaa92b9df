import type { AnswerStyle } from '../formats/format.js';
import { isTrue, type LabelParameters } from './label-parameters.js';
import type { OpenedUpload } from './open-upload.js';

/**
 * Returns how the answer to an input is written.
 * @param isForm whether the input came from a form, so that a person will probably open the answer in a spreadsheet
 */
export function answerStyle(
  { details, top, bom }: Pick<LabelParameters, 'details' | 'top' | 'bom'>,
  opened: Pick<OpenedUpload, 'bom' | 'encoding'>,
  isForm: boolean,
): AnswerStyle {
  return {
    details: isTrue(details) ?? false,
    top: top !== undefined,
    // Excel reads a CSV without the mark as the encoding of the computer.
    bom: isTrue(bom) ?? (opened.bom || (isForm && opened.encoding !== 'utf-8')),
  };
}
