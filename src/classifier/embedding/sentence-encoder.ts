import { env, LogLevel, pipeline } from '@xenova/transformers';

/** Templates to embeddings, each by an inference of its own. */
export type Encode = (templates: readonly string[]) => Promise<Float32Array[]>;

/**
 * Loads the encoder of a folder into this thread.
 *
 * Templates are encoded one an inference, never in a batch: dynamic int8 scales its activations over the whole
 * batch, so that in a batch an embedding would depend on its neighbours. Mean pooled over the tokens (the
 * first 256 at most, by model_max_length of tokenizer_config.json), L2-normalised.
 */
export async function loadSentenceEncoder(dir: string): Promise<Encode> {
  env.allowRemoteModels = false;
  // Its cache lies in node_modules and is asked first: a stale file there would win over the folder's.
  env.useFSCache = false;
  // A failed inference would otherwise print the tokens, which are the user's text in effect.
  env.logLevel = LogLevel.NONE;
  const extract = await pipeline('feature-extraction', dir, {
    dtype: 'q8',
    device: 'cpu',
    // One thread a session: two sessions side by side do more than one session with two threads.
    session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
  });
  keepFinalSeparator(extract);
  return async (templates) => {
    const embeddings: Float32Array[] = [];
    for (const template of templates) {
      const output = await extract(template, { pooling: 'mean', normalize: true });
      embeddings.push(Float32Array.from(output.data as Float32Array));
    }
    return embeddings;
  };
}

/** The parts of the library's tokenizer that the repair needs; what it gives is handed on as it is. */
interface Tokenizer {
  (text: string, options: object): { input_ids: { data: BigInt64Array } };
  model_max_length: number;
  sep_token_id: number;
}

/**
 * Cuts long texts as sentence-transformers does. The library cuts off the final separator too, which moves
 * the embedding of a text of more than 256 tokens by up to 0.008 of cosine.
 */
function keepFinalSeparator(extract: { tokenizer: unknown }): void {
  const tokenizer = extract.tokenizer as Tokenizer;
  extract.tokenizer = (text: string, options: object) => {
    const encoded = tokenizer(text, options);
    const ids = encoded.input_ids.data;
    if (ids.length === tokenizer.model_max_length) ids[ids.length - 1] = BigInt(tokenizer.sep_token_id);
    return encoded;
  };
}
