"""Converts an ONNX encoder to int8 so that its embeddings stay close to those of the float weights.

Only export_encoder.py uses this. Weights get 7 bits and one scale for each output, or one for the whole word embeddings.
The inputs of a layer get 8 bits and one scale for each inference. Sample texts are run through the float graph to measure
the inputs of each linear layer. Two steps use them:

- Smoothing (Xiao et al. 2023, "SmoothQuant"). A few channels of the inputs are far larger than the others and would take
  most of the range. Each channel is divided by a factor, and its row of weights is multiplied by it. With floats, the product
  stays the same.
- Rounding with feedback (Frantar et al. 2023, "GPTQ"). After a row of weights is rounded, the remaining rows are changed so
  that the outputs of the layer on the sample texts change least.
"""

import logging
from typing import NamedTuple

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

# The exponent of SmoothQuant. With 1, all channels of the inputs get the same range; with 0, all rows of the weights. Of 0.5,
# 0.7, 0.8, 0.9 and 1, this one changed the fewest labels.
SMOOTHING = 0.8

# Measured on 2,123 lines with an encoder that was tuned without a fifth of the families (mean cosine / 1st percentile / lines
# that get the same label as with float weights, by the linear layer of the tuning):
#   neither step                                 0.991 / 0.978 / 98.4 %
#   smoothed inputs                              0.996 / 0.990 / 98.8 %
#   smoothed inputs, rounding with feedback      0.998 / 0.995 / 99.0 %
# With word embeddings left as floats the file has 58.7 MB, with the second FFN matrices as floats 33.6 MB.

# What the manifest says of the conversion, and what `quantise` does. One scale for a whole matrix is unusable. Without the
# reduced range, the sums of two products exceed 16 bits on processors with AVX2 and no VNNI, and labels would depend on the
# machine.
QUANTISATION = {
    "method": "dynamic, with smoothed inputs and rounding with feedback",
    "weights": "int8",
    "activations": "uint8",
    "perChannel": True,
    "reduceRange": True,
    "smoothing": SMOOTHING,
}
# The largest weight with 7 bits.
HIGHEST = 64
# The share of the mean second moment that is added to each channel's own, so that the matrix can be inverted.
DAMPING = 0.01
# Rows that are rounded before the others are changed. It saves time and does not change the result.
ROWS_AT_ONCE = 64
# The inputs of this many texts are in memory at a time.
TEXTS_AT_ONCE = 100
# A channel that is always zero gets a factor of about this size instead of zero.
SMALLEST = 1e-5
# How much smoothing may change the embeddings of the float graph, by rounding alone.
MAX_CHANGE = 1e-3


class Inputs(NamedTuple):
    """What the inputs of a layer were on the sample texts."""

    # The sum of x xᵀ over all tokens: `[channels, channels]`.
    second_moment: np.ndarray
    # The largest absolute value of each channel: `[channels]`.
    largest: np.ndarray


def quantise(source, target, samples):
    """Write `source`, a graph with float weights, to `target` with int8 weights.

    `samples` are texts as token ids. They should have many times as many tokens as a layer has channels (1,536).
    """
    model = onnx.load(str(source))
    layers = linear_layers(model.graph)
    inputs = measure_inputs(model, sorted({layer.input[0] for layer in layers}), samples)
    before = hidden_states(model, samples[0])
    moments = smooth(model.graph, layers, inputs)
    change = np.abs(hidden_states(model, samples[0]) - before).max()
    if not change < MAX_CHANGE:
        raise ValueError(f"smoothing changed the float graph by {change:.1e}")
    # It advises a pre-processing step for static quantisation, which this is not.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        model,
        target,
        weight_type=QuantType.QInt8,
        per_channel=QUANTISATION["perChannel"],
        reduce_range=QUANTISATION["reduceRange"],
    )

    quantised = onnx.load(str(target))
    floats, integers = initialisers(model.graph), initialisers(quantised.graph)
    for layer in linear_layers(model.graph):
        name = layer.input[1]
        scale = numpy_helper.to_array(integers[f"{name}_scale"])
        if numpy_helper.to_array(integers[f"{name}_zero_point"]).any():
            raise ValueError(f"{name}: the range of the weights is not symmetric")
        weights = numpy_helper.to_array(floats[name])
        rounded = round_with_feedback(weights, moments[layer.input[0]], scale).astype(np.int8)
        integers[f"{name}_quantized"].CopyFrom(numpy_helper.from_array(rounded, f"{name}_quantized"))
    onnx.save(quantised, str(target))


def initialisers(graph):
    """The constant tensors of a graph by name."""
    return {tensor.name: tensor for tensor in graph.initializer}


def linear_layers(graph):
    """The products with a constant matrix `[inputs, outputs]`."""
    constants = initialisers(graph)
    return [node for node in graph.node if node.op_type == "MatMul" and node.input[1] in constants]


def measure_inputs(model, names, samples):
    """Run the float graph on the samples; return the `Inputs` by name."""
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    probe.graph.output.extend(helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    session = session_of(probe)
    moments, largest = {}, {}
    for start in range(0, len(samples), TEXTS_AT_ONCE):
        seen = {name: [] for name in names}
        for text in samples[start : start + TEXTS_AT_ONCE]:
            for name, values in zip(names, session.run(names, feeds_of(text))):
                seen[name].append(values.reshape(-1, values.shape[-1]))
        for name in names:
            # In float64, the order of the additions practically never changes which way a weight is rounded.
            rows = np.concatenate(seen[name]).astype(np.float64)
            moments[name] = moments.get(name, 0) + rows.T @ rows
            largest[name] = np.maximum(largest.get(name, 0), np.abs(rows).max(axis=0))
    return {name: Inputs(moments[name], largest[name]) for name in names}


def hidden_states(model, text):
    """The outputs of the graph for one text."""
    return session_of(model).run(None, feeds_of(text))[0]


def session_of(model):
    """A session with one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def feeds_of(text):
    """The inputs of the graph for one text, given as token ids."""
    ids = np.array([text], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


def smooth(graph, layers, inputs):
    """Divide the inputs of the layers by a factor for each channel, multiply the weights by it.

    Changes the graph. Returns the second moments of the divided inputs by their names.
    """
    constants = initialisers(graph)
    moments = {}
    for name, (moment, largest) in inputs.items():
        readers = [layer for layer in layers if layer.input[0] == name]
        weights = {layer.input[1]: numpy_helper.to_array(constants[layer.input[1]]) for layer in readers}
        highest = np.max([np.abs(matrix).max(axis=1) for matrix in weights.values()], axis=0)
        factor = np.maximum(largest, SMALLEST) ** SMOOTHING / np.maximum(highest, SMALLEST) ** (1 - SMOOTHING)
        factor = factor.astype(np.float32)

        divided = f"{name}_smooth"
        graph.initializer.append(numpy_helper.from_array(1 / factor, f"{divided}_factor"))
        place = min(index for index, node in enumerate(graph.node) if name in node.input)
        graph.node.insert(place, helper.make_node("Mul", [name, f"{divided}_factor"], [divided], name=divided))
        for layer in readers:
            matrix = (weights[layer.input[1]] * factor[:, None]).astype(np.float32)
            constants[layer.input[1]].CopyFrom(numpy_helper.from_array(matrix, layer.input[1]))
            layer.input[0] = divided
        moments[divided] = moment / np.outer(factor, factor)
    return moments


def round_with_feedback(weights, second_moment, scale):
    """Round weights `[inputs, outputs]` to whole multiples of `scale` `[outputs]`, row by row; return the multiples."""
    count = len(weights)
    moment = second_moment + np.eye(count) * DAMPING * np.mean(np.diag(second_moment))
    # Rows with large inputs come first, while there are many rows left that can make up for their errors.
    order = np.argsort(-np.diag(moment), kind="stable")
    rest = weights.astype(np.float64)[order]
    # The upper triangular factor U of the inverse matrix, which is Uᵀ U.
    factor = np.linalg.cholesky(np.linalg.inv(moment[np.ix_(order, order)])).T
    multiples = np.zeros_like(rest)
    for start in range(0, count, ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, count)
        errors = np.zeros((end - start, weights.shape[1]))
        for row in range(start, end):
            multiples[row] = np.clip(np.round(rest[row] / scale), -HIGHEST, HIGHEST)
            errors[row - start] = (rest[row] - multiples[row] * scale) / factor[row, row]
            rest[row:end] -= np.outer(factor[row, row:end], errors[row - start])
        rest[end:] -= factor[start:end, end:].T @ errors
    return multiples[np.argsort(order, kind="stable")]
