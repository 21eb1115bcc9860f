"""Arrow arrays from numpy arrays and text, and back, by way of their buffers.

pyarrow loads pandas, where that is installed, the first time it turns Python or numpy values into
an array or a scalar, or an array into numpy: a quarter of a second of every command. Buffers need
no pandas, and nothing is copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

__all__ = ["numbers_of", "of_flags", "of_numbers", "of_texts", "valid"]


def of_numbers(values: NDArray[Any], missing: NDArray[np.bool_] | None = None) -> pa.Array:
    """Numbers (n,) as an array of their type; null where `missing`."""
    bits = None if missing is None else _bits(~missing)
    kept = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [bits, kept])


def of_flags(values: NDArray[np.bool_]) -> pa.BooleanArray:
    """Truth values (n,)."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def of_texts(values: Sequence[str | None]) -> pa.StringArray:
    """Text; None is null."""
    raw = [b"" if value is None else value.encode() for value in values]
    ends = np.zeros(len(raw) + 1, dtype=np.int32)
    np.cumsum([len(text) for text in raw], out=ends[1:])
    missing = np.array([value is None for value in values], dtype=bool)
    bits = _bits(~missing) if missing.any() else None
    data = pa.py_buffer(b"".join(raw))
    return pa.StringArray.from_buffers(len(raw), pa.py_buffer(ends), data, bits)


def numbers_of(array: pa.Array) -> NDArray[Any]:
    """The numbers of an array (n,); what lies under a null is anything."""
    kind = np.dtype(array.type.to_pandas_dtype())
    data = array.buffers()[1]
    if data is None:
        return np.zeros(len(array), dtype=kind)
    return np.frombuffer(data, dtype=kind, count=array.offset + len(array))[array.offset :]


def valid(array: pa.Array) -> NDArray[np.uint8] | None:
    """1 where there is a value, 0 where there is none (n,); None where no value is missing."""
    bits, n, start = array.buffers()[0], len(array), array.offset
    if bits is None or not array.null_count:
        return None
    first = start // 8
    packed = np.frombuffer(bits, dtype=np.uint8)[first : (start + n + 7) // 8]
    return np.unpackbits(packed, bitorder="little")[start - 8 * first :][:n]


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))
