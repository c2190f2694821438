"""Reads of plain memory by address, for kernels: no bounds, no reference counts, no wrap-around.

An index lives in one buffer that may be mapped from a file; kernels get its addresses. What they
read is never written while they run, and the compiler is told so.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_INT8, _INT32, _INT64, _FLOAT64 = ir.IntType(8), ir.IntType(32), ir.IntType(64), ir.DoubleType()
_FOR_READING, _KEEP_CLOSE, _DATA = 0, 3, 1

_function = cast(Callable[..., Any], cgutils.get_or_insert_function)


def _element(builder: Any, kind: ir.Type, arguments: Any) -> Any:
    address, index = arguments
    return builder.gep(builder.inttoptr(address, kind.as_pointer()), [index])


def _load(builder: Any, kind: ir.Type, arguments: Any) -> Any:
    loaded = builder.load(_element(builder, kind, arguments))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _int32_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return _load(builder, _INT32, arguments)


def _int64_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return _load(builder, _INT64, arguments)


def _float64_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return _load(builder, _FLOAT64, arguments)


def _bits_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.bitcast(arguments[0], _INT64)


def _float_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.bitcast(arguments[0], _FLOAT64)


def _prefetch_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    place = builder.bitcast(_element(builder, _INT32, arguments), _INT8.as_pointer())
    kind = ir.FunctionType(ir.VoidType(), [place.type, _INT32, _INT32, _INT32])
    fetch = _function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(fetch, [place, _INT32(_FOR_READING), _INT32(_KEEP_CLOSE), _INT32(_DATA)])
    return context.get_dummy_value()


def _int32_at(typing: Any, address: Any, index: Any) -> Any:
    return types.int32(types.int64, types.int64), _int32_code


def _int64_at(typing: Any, address: Any, index: Any) -> Any:
    return types.int64(types.int64, types.int64), _int64_code


def _float64_at(typing: Any, address: Any, index: Any) -> Any:
    return types.float64(types.int64, types.int64), _float64_code


def _bits_of(typing: Any, value: Any) -> Any:
    return types.int64(types.float64), _bits_code


def _float_of(typing: Any, bits: Any) -> Any:
    return types.float64(types.int64), _float_code


def _prefetch(typing: Any, address: Any, index: Any) -> Any:
    return types.void(types.int64, types.int64), _prefetch_code


# Casts, typed as what they are to a kernel: integers.
int32 = cast(Callable[[Any], int], np.int32)
int64 = cast(Callable[[Any], int], np.int64)
uint32 = cast(Callable[[Any], int], np.uint32)

# The index-th int32, int64 or float64 from an address.
int32_at = cast(Callable[[int, int], int], intrinsic(_int32_at))
int64_at = cast(Callable[[int, int], int], intrinsic(_int64_at))
float64_at = cast(Callable[[int, int], float], intrinsic(_float64_at))
# The 64 bits of a float64 as an int64, and back.
bits_of = cast(Callable[[float], int], intrinsic(_bits_of))
float_of = cast(Callable[[int], float], intrinsic(_float_of))
# Asks for the index-th int32 from an address to be brought close; any address may be named.
prefetch = cast(Callable[[int, int], None], intrinsic(_prefetch))
