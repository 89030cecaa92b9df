/**
 * Whether the LLM is asked about a record. `answered`: it was asked about a line of this source and template before, and
 * its label is cached. `not-asked`: the next upload with such a line asks it. `paused`: it has failed too often in a row and
 * is not asked for a while. `no-key`: no key is set, or lines may not be sent to it.
 */
export type LlmState = 'answered' | 'not-asked' | 'paused' | 'no-key';

/** What the LLM gets to see of a record, and its label if it is known. */
export interface LlmPreview {
  readonly state: LlmState;
  /** The cached label. Set for the state `answered` only. */
  readonly label?: string;
  readonly model: string;
  /** The system message. It is the same for all records. */
  readonly instructions: string;
  /** The source as it is sent: clipped. */
  readonly source: string;
  /** The message as it is sent: secrets and personal data masked, then clipped. */
  readonly message: string;
}
