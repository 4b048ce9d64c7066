"""Builds the encoder's layers as an ONNX graph with weights in 8 bits, for ONNX Runtime."""

import os
from pathlib import Path
from typing import List, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.pipeline.e5_weights import Weights

INPUT, MASK = "embedded", "mask"
FUSED = "com.microsoft"  # ONNX Runtime's own operators: a whole attention, a residual with its normalisation


def output_of(layer: int) -> str:
    """The name of what a layer hands on; the first is 1."""
    return f"l{layer - 1}.out"


def write_graph(weights: Weights, layers: Sequence[int], path: Path) -> None:
    """Input: float32 (texts, tokens, hidden) and an int32 mask of real tokens; outputs: the states after `layers`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exact, quantised = (path.with_suffix(f".{os.getpid()}.{kind}") for kind in ("exact", "onnx"))
    onnx.save(_model(weights, layers), str(exact))
    # Without VNNI instructions, 8-bit products overflow 16-bit sums unless the weights keep to 7 bits (reduce_range).
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(
        exact, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, extra_options=options
    )
    exact.unlink()
    quantised.replace(path)


def _model(weights: Weights, layers: Sequence[int]) -> onnx.ModelProto:
    builder = _Builder(weights)
    hidden = INPUT
    for number in range(max(layers)):
        hidden = builder.layer(f"l{number}.", hidden, output_of(number + 1))
    shape = ["texts", "tokens"]
    inputs = [
        helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, [*shape, weights.hidden]),
        helper.make_tensor_value_info(MASK, TensorProto.INT32, shape),
    ]
    outputs = [
        helper.make_tensor_value_info(output_of(layer), TensorProto.FLOAT, [*shape, weights.hidden]) for layer in layers
    ]
    graph = helper.make_graph(builder.nodes, "e5", inputs, outputs, builder.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)])
    model.ir_version = 8
    return model


class _Builder:
    def __init__(self, weights: Weights) -> None:
        self.nodes: List[onnx.NodeProto] = []
        self.constants: List[onnx.TensorProto] = []
        self._weights = weights

    def layer(self, at: str, given: str, result: str) -> str:
        """One transformer layer: attention and two dense layers, each with its residual and normalisation."""
        hidden, inner = self._weights.hidden, self._weights.inner
        three = np.concatenate([self._weights.matrix(f"{at}{part}.w", hidden) for part in "qkv"]).T
        biases = np.concatenate([self._weights.vector(f"{at}{part}.b") for part in "qkv"])
        seen = [given, self._constant(f"{at}qkv.w", three), self._constant(f"{at}qkv.b", biases), MASK]
        self._node("Attention", seen, f"{at}seen", domain=FUSED, num_heads=self._weights.heads)
        self._dense(f"{at}ao", f"{at}seen", hidden)
        middle = self._normalised(f"{at}ao", f"{at}aln", given, f"{at}middle")
        self._dense(f"{at}fi", middle, hidden)
        self._node("BiasGelu", [f"{at}fi.out", self._own(f"{at}fi.b")], f"{at}wide", domain=FUSED)
        self._dense(f"{at}fo", f"{at}wide", inner)
        return self._normalised(f"{at}fo", f"{at}oln", middle, result)

    def _dense(self, name: str, given: str, columns: int) -> None:
        weights = self._constant(f"{name}.w", self._weights.matrix(f"{name}.w", columns).T)
        self._node("MatMul", [given, weights], f"{name}.out")

    def _normalised(self, dense: str, norm: str, residual: str, result: str) -> str:
        inputs = [f"{dense}.out", residual, self._own(f"{norm}.w"), self._own(f"{norm}.b"), self._own(f"{dense}.b")]
        self._node("SkipLayerNormalization", inputs, result, domain=FUSED, epsilon=self._weights.epsilon)
        return result

    def _own(self, name: str) -> str:
        return self._constant(name, self._weights.vector(name))

    def _constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, kind: str, inputs: List[str], output: str, **attributes: object) -> None:
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
