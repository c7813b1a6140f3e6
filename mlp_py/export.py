"""A trained network in formats that others read, written by those formats' own libraries: ONNX and safetensors.

They come with `pip install onnx safetensors`, and are imported here alone, when they are needed.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from .kernel import FloatArray

OPSET, IR_VERSION = 13, 7  # of 2020, so that whatever reads ONNX reads it; since then Softmax is what it is here
ABOUT = "A network that reads a handwritten digit: 28x28 pixels, row by row, from 0 (paper) to 1 (ink)."
MISSING = "exporting needs the libraries of the formats: pip install onnx safetensors"


def to_onnx(arrays: Mapping[str, FloatArray]) -> bytes:
    """The content of an .onnx file, of the arrays of a model file.

    Its input `X`, of float32 and shape (batch, inputs), becomes `probabilities`, of float32 and shape
    (batch, outputs); in between, names are those of MLP.forward, and numbers have the precision of the weights.

    Raises ValueError when the library is missing, or the arrays are neither float32 nor float64.
    """
    try:
        from onnx import TensorProto, helper, numpy_helper
    except ImportError as error:
        raise ValueError(MISSING) from error
    arrays = _plain(arrays)
    input_size, output_size = arrays["weights1"].shape[0], arrays["weights2"].shape[1]
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("Gemm", ["X", "weights1", "biases1"], "layer1_input", {}),
        ("Relu", ["layer1_input"], "layer1_output", {}),
        ("Gemm", ["layer1_output", "weights2", "biases2"], "layer2_input", {}),
        ("Softmax", ["layer2_input"], "probabilities", {"axis": 1}),
    ]
    if arrays["weights1"].dtype == np.float64:  # the pixels and the answer stay what every program hands over
        steps[0][1][0], steps[-1] = "pixels", (*steps[-1][:2], "output", steps[-1][3])
        steps.insert(0, ("Cast", ["X"], "pixels", {"to": TensorProto.DOUBLE}))
        steps.append(("Cast", ["output"], "probabilities", {"to": TensorProto.FLOAT}))
    graph = helper.make_graph(
        [helper.make_node(kind, inputs, [output], name=output, **more) for kind, inputs, output, more in steps],
        "mlp",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["batch", input_size])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", output_size])],
        [numpy_helper.from_array(array, name) for name, array in arrays.items()],
        doc_string=ABOUT,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION, producer_name="mlp_py"
    )
    content: bytes = model.SerializeToString(deterministic=True)
    return content


def to_safetensors(arrays: Mapping[str, FloatArray]) -> bytes:
    """The content of a .safetensors file: the arrays of a model file under their names.

    Raises ValueError when the library is missing, or the arrays are neither float32 nor float64.
    """
    try:
        from safetensors.numpy import save
    except ImportError as error:
        raise ValueError(MISSING) from error
    formula = "probabilities = softmax(relu(X @ weights1 + biases1) @ weights2 + biases2)"
    # All in one entry: several would come in another order each time.
    return save(_plain(arrays), {"description": f"{ABOUT} {formula}"})


FORMATS = {"onnx": to_onnx, "safetensors": to_safetensors}


def _plain(arrays: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    """The arrays laid out row by row in this machine's byte order, as the libraries take them."""
    dtype = arrays["weights1"].dtype.newbyteorder("=")
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"the network's numbers are {dtype}; those of float32 and float64 can be exported")
    return {name: np.ascontiguousarray(array, dtype) for name, array in arrays.items()}
