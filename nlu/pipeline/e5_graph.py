"""Builds the encoder's layers as an ONNX graph with weights in 8 bits, for ONNX Runtime."""

import os
from pathlib import Path
from typing import List, NamedTuple, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.pipeline.e5_weights import Weights

INPUT, MASK = "embedded", "mask"
FUSED = "com.microsoft"  # ONNX Runtime's own operators: a whole attention, a residual with its normalisation


class Kind(NamedTuple):
    """The encoder as it comes or tuned."""

    name: str
    weights: Weights


class View(NamedTuple):
    """What a layer (the first is 1) of a kind of the encoder hands on."""

    kind: str
    layer: int

    def __str__(self) -> str:
        return f"{self.kind}.{self.layer}"


def write_graph(plain: Kind, tuned: Kind, views: Sequence[View], path: Path) -> None:
    """Input: float32 (texts, tokens, hidden) and an int32 mask of real tokens; outputs: `views`, by their names.

    The layers under the first that is tuned are the same in both kinds and computed once.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    exact, quantised = (path.with_suffix(f".{os.getpid()}.{kind}") for kind in ("exact", "onnx"))
    onnx.save(_model(plain, tuned, views), str(exact))
    # Without VNNI instructions, 8-bit products overflow 16-bit sums unless the weights keep to 7 bits (reduce_range).
    options = {"DefaultTensorType": TensorProto.FLOAT}
    quantize_dynamic(
        exact, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, extra_options=options
    )
    exact.unlink()
    quantised.replace(path)


def _model(plain: Kind, tuned: Kind, views: Sequence[View]) -> onnx.ModelProto:
    shared = tuned.weights.first_corrected
    deepest = {
        kind.name: max((view.layer for view in views if view.kind == kind.name), default=0) for kind in (plain, tuned)
    }
    builder = _Builder()
    builder.layers(plain, 0, max(deepest[plain.name], shared), INPUT)
    if deepest[tuned.name]:
        builder.layers(tuned, shared, deepest[tuned.name], str(View(plain.name, shared)) if shared else INPUT)
    states, shape = ["texts", "tokens", plain.weights.hidden], ["texts", "tokens"]
    inputs = [
        helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, states),
        helper.make_tensor_value_info(MASK, TensorProto.INT32, shape),
    ]
    outputs = [helper.make_tensor_value_info(str(view), TensorProto.FLOAT, states) for view in views]
    graph = helper.make_graph(builder.nodes, "e5", inputs, outputs, builder.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)])
    model.ir_version = 8
    return model


class _Builder:
    def __init__(self) -> None:
        self.nodes: List[onnx.NodeProto] = []
        self.constants: List[onnx.TensorProto] = []

    def layers(self, kind: Kind, first: int, end: int, given: str) -> None:
        """Layers `first` (from 0) to before `end`, each handing on what the next is given."""
        for number in range(first, end):
            result = str(View(kind.name, number + 1))
            _Layer(self, kind, number).build(given, result)
            given = result

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator: str, inputs: List[str], output: str, **attributes: object) -> None:
        self.nodes.append(helper.make_node(operator, inputs, [output], **attributes))


class _Layer:
    """One transformer layer: attention and two dense layers, each with its residual and normalisation."""

    def __init__(self, builder: _Builder, kind: Kind, number: int) -> None:
        self._builder = builder
        self._weights = kind.weights
        self._at = f"l{number}."  # in the weights' names
        self._in = f"{kind.name}.l{number}."  # in the graph's

    def build(self, given: str, result: str) -> None:
        hidden, inner = self._weights.hidden, self._weights.inner
        three = np.concatenate([self._weights.matrix(f"{self._at}{part}.w", hidden) for part in "qkv"]).T
        biases = np.concatenate([self._weights.vector(f"{self._at}{part}.b") for part in "qkv"])
        seen = [given, self._constant("qkv.w", three), self._constant("qkv.b", biases), MASK]
        self._node("Attention", seen, f"{self._in}seen", domain=FUSED, num_heads=self._weights.heads)
        self._dense("ao", f"{self._in}seen", hidden)
        middle = self._normalised("ao", "aln", given, f"{self._in}middle")
        self._dense("fi", middle, hidden)
        self._node("BiasGelu", [f"{self._in}fi.out", self._own("fi.b")], f"{self._in}wide", domain=FUSED)
        self._dense("fo", f"{self._in}wide", inner)
        self._normalised("fo", "oln", middle, result)

    def _dense(self, name: str, given: str, columns: int) -> None:
        weights = self._constant(f"{name}.w", self._weights.matrix(f"{self._at}{name}.w", columns).T)
        self._node("MatMul", [given, weights], f"{self._in}{name}.out")

    def _normalised(self, dense: str, norm: str, residual: str, result: str) -> str:
        own = [self._own(f"{norm}.w"), self._own(f"{norm}.b"), self._own(f"{dense}.b")]
        inputs = [f"{self._in}{dense}.out", residual, *own]
        self._node("SkipLayerNormalization", inputs, result, domain=FUSED, epsilon=self._weights.epsilon)
        return result

    def _own(self, name: str) -> str:
        return self._constant(name, self._weights.vector(f"{self._at}{name}"))

    def _constant(self, name: str, values: np.ndarray) -> str:
        return self._builder.constant(f"{self._in}{name}", values)

    def _node(self, operator: str, inputs: List[str], output: str, **attributes: object) -> None:
        self._builder.node(operator, inputs, output, **attributes)
