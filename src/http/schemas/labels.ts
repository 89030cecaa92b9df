import { z } from 'zod';

const labelSchema = z
  .object({
    name: z.string(),
    definition: z.string().describe('Empty for a label of the head that LABELS_FILE does not define.'),
    examples: z.array(z.string()).describe('Lines that get this label.'),
  })
  .meta({ id: 'Label', description: 'A label that lines can get.' });

/** The answer of GET /labels, in the order of the label catalogue. */
export const labelsAnswerSchema = z.object({ labels: z.array(labelSchema) }).meta({
  id: 'LabelsAnswer',
  description: 'The labels that lines can get, in the order of the label catalogue.',
  examples: [
    {
      labels: [
        {
          name: 'User Action',
          definition: 'Something that a person did, such as a login or an upload.',
          examples: ['User User123 logged in.'],
        },
      ],
    },
  ],
});

/** The body of the answer of GET /labels. */
export type LabelsAnswer = z.infer<typeof labelsAnswerSchema>;
