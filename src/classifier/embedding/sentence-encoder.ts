import { AutoModel, AutoTokenizer, env, LogLevel, type Tensor } from '@xenova/transformers';

/** Texts to embeddings, each by an inference of its own. */
export type Encode = (texts: readonly string[]) => Promise<Float32Array[]>;

/** Of the library's tokenizer what is needed here; what it gives is handed on to the model as it is. */
interface Tokenizer {
  (text: string, options: object): { input_ids: { data: BigInt64Array } };
  model_max_length: number;
  sep_token_id: number;
}

/**
 * Loads the encoder of a folder into this thread.
 *
 * Texts are encoded one an inference, never in a batch: dynamic int8 scales its activations over the whole
 * batch, so that in a batch an embedding would depend on its neighbours. Mean pooled over the tokens (the
 * first 256 at most, by model_max_length of tokenizer_config.json), L2-normalised.
 */
export async function loadSentenceEncoder(dir: string): Promise<Encode> {
  env.allowRemoteModels = false;
  // Its cache lies in node_modules and is asked first: a stale file there would win over the folder's.
  env.useFSCache = false;
  // A failed inference would otherwise print the tokens, which are the user's text in effect.
  env.logLevel = LogLevel.NONE;
  const tokenizer = (await AutoTokenizer.from_pretrained(dir)) as unknown as Tokenizer;
  const model = await AutoModel.from_pretrained(dir, {
    dtype: 'q8',
    device: 'cpu',
    // One thread a session: two sessions side by side do more than one session with two threads.
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  });
  return async (texts) => {
    const embeddings: Float32Array[] = [];
    for (const text of texts) {
      const { last_hidden_state } = (await model(tokenise(tokenizer, text))) as { last_hidden_state: Tensor };
      embeddings.push(meanPooled(last_hidden_state));
    }
    return embeddings;
  };
}

/**
 * Cuts long texts as sentence-transformers does. The library cuts off the final separator too, which moves
 * the embedding of a text of more than 256 tokens by up to 0.008 of cosine.
 */
function tokenise(tokenizer: Tokenizer, text: string): object {
  const encoded = tokenizer(text, { truncation: true });
  const ids = encoded.input_ids.data;
  if (ids.length === tokenizer.model_max_length) ids[ids.length - 1] = BigInt(tokenizer.sep_token_id);
  return encoded;
}

/**
 * The mean of the tokens' vectors, scaled to length 1. A text alone has no padding to leave out, which the
 * library's own pooling looks for at every number: that takes 7 % of the time of an inference, this 1 %. The tensor's
 * shape is 1 x tokens x dimension.
 */
function meanPooled({ data, dims }: Tensor): Float32Array {
  const vectors = data as Float32Array;
  const dimension = dims.at(-1) ?? 0;
  const sums = new Float64Array(dimension);
  for (let at = 0; at < vectors.length;) {
    for (let i = 0; i < dimension; i += 1, at += 1) sums[i] = (sums[i] ?? 0) + (vectors[at] ?? 0);
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  return Float32Array.from(sums, (sum) => sum / length);
}
