"""Records own.jsonl: what numpy.ma says of masked arrays and NumPy of float16, which array.jsonl has none of.

Run with Debian 12's Python (NumPy 1.24): /usr/bin/python3 record_own.py > own.jsonl
The format is that of array.jsonl. Besides: an input with "mask" (1: hidden) is a masked array, an answer of kind "masked" has
"mask" too, and data are compared only where nothing is hidden; operations "ma.*" are those of numpy.ma, "f2" is float16.
One answer is not as recorded: mean, var and std of masked float32 come from numpy.ma as float64, since it divides by counts; here
they stay float32, as they do without a mask.
"""
import json
import warnings

import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(11)
count = {}
CODES = {"bool": "b1", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2", "int32": "i4", "uint32": "u4",
         "int64": "i8", "uint64": "u8", "float16": "f2", "float32": "f4", "float64": "f8", "complex128": "c16"}


def number(v):
    if isinstance(v, (bool, np.bool_)):
        return bool(v)
    if isinstance(v, (int, np.integer)):
        return int(v)
    v = float(v) if not isinstance(v, np.float32) else float(str(v))
    return v if np.isfinite(v) else "nan" if np.isnan(v) else "inf" if v > 0 else "-inf"


def chunks(shape):
    out = []
    for n in shape:
        sizes = []
        while sum(sizes) < n:
            sizes.append(int(min(rng.integers(1, max(2, n // 2 + 1)), n - sum(sizes))))
        out.append(sizes or [0])
    return out


def written(x, cut=False):
    data = np.ma.getdata(x)
    out = {"dtype": CODES[data.dtype.name], "shape": list(data.shape), "data": [number(v) for v in np.ravel(data)]}
    if np.ma.isMaskedArray(x):
        out["mask"] = [int(v) for v in np.ravel(np.ma.getmaskarray(x))]
    if cut:
        out["chunks"] = chunks(data.shape)
    return out


def record(label, expr, answer, inputs, tol=None, atol=None):
    count[label] = count.get(label, 0) + 1
    answer = answer if np.ma.isMaskedArray(answer) else np.ma.masked_array(0.0, True) if answer is np.ma.masked else np.asarray(answer)
    line = {"id": f"own/{label}-{count[label]:02}", "inputs": {k: written(v, True) for k, v in inputs.items()}, "expr": expr,
            "expect": {"kind": "masked" if np.ma.isMaskedArray(answer) else "array", **written(answer)}}
    if tol is not None:
        line["tol"], line["atol"] = tol, atol if atol is not None else tol
    line["by"] = ["numpy"]
    print(json.dumps(line, separators=(",", ":")))


def masked(dtype, shape, hidden=0.35):
    x = rng.integers(0 if dtype.startswith("u") else -9, 10, shape)
    x = (x / 4 if dtype.startswith("f") else x).astype(dtype)
    return np.ma.masked_array(x, rng.random(shape) < hidden)


TOL = {"f8": 1e-12, "f4": 1e-5, "f2": 4e-3}
shapes = [(7,), (5, 6), (3, 4, 5)]

# Reductions, along all sorts of axes; whole lines hidden among them.
for dtype in ("f8", "f4", "i4", "u1"):
    for name in ("sum", "prod", "mean", "var", "std", "min", "max", "any", "all", "count"):
        shape = shapes[rng.integers(3)]
        m = masked(dtype, shape)
        if len(shape) > 1:
            m[0] = np.ma.masked
        if name == "prod" and dtype in ("i4", "u1"):
            m = np.ma.masked_array(np.clip(m.data, 0 if dtype == "u1" else -2, 2), m.mask)
        axis = [None, 0, -1, tuple(range(len(shape)))[:2]][rng.integers(4)] if len(shape) > 1 else [None, 0][rng.integers(2)]
        keywords = {} if axis is None else {"axis": axis}
        if name in ("var", "std") and rng.random() < 0.5:
            keywords["ddof"] = 1
        if rng.random() < 0.4:
            keywords["keepdims"] = True
        answer = np.ma.masked_array(getattr(m, name)(**keywords), dtype="f4" if dtype == "f4" and name in ("mean", "var", "std") else None) if name != "count" else np.asarray(m.count(**keywords))
        record(f"masked/{name}", ["ma." + name, "$x", dict(keywords)], answer, {"x": m}, TOL.get(dtype, 1e-12))
for dtype in ("f8", "i4"):
    m = masked(dtype, (6, 4))
    w = rng.integers(1, 5, (6, 4)).astype("f8")
    record("masked/average", ["ma.average", "$x", "$w", {"axis": 0}], np.ma.average(m, axis=0, weights=w), {"x": m, "w": w}, 1e-12)
    for name in ("cumsum", "cumprod"):
        m = np.ma.masked_array(np.clip(masked(dtype, (5, 4)).data, -2, 2), rng.random((5, 4)) < 0.3)
        record(f"masked/{name}", ["ma." + name, "$x", {"axis": 1}], getattr(m, name)(axis=1), {"x": m}, 1e-12)
all_hidden = np.ma.masked_array(np.arange(4.0), True)
for name in ("sum", "mean", "min", "var"):
    record("masked/nothing-left", ["ma." + name, "$x"], np.ma.masked_array(0.0, True), {"x": all_hidden})

# Hiding by value.
for dtype in ("f8", "i4"):
    x = np.asarray(masked(dtype, (4, 6)).data)
    v = number(x[1, 2])
    for name in ("equal", "not_equal", "greater", "greater_equal", "less", "less_equal"):
        record(f"masked/masked_{name}", [f"ma.masked_{name}", "$x", v], getattr(np.ma, f"masked_{name}")(x, v), {"x": x})
    lo, hi = sorted((number(x[0, 0]), number(x[3, 3])))
    record("masked/masked_inside", ["ma.masked_inside", "$x", lo, hi], np.ma.masked_inside(x, lo, hi), {"x": x})
    record("masked/masked_outside", ["ma.masked_outside", "$x", hi, lo], np.ma.masked_outside(x, hi, lo), {"x": x})
    c = rng.random((4, 6)) < 0.5
    record("masked/masked_where", ["ma.masked_where", "$c", "$x"], np.ma.masked_where(c, x), {"c": c, "x": x})
x = np.array([1, np.nan, np.inf, -np.inf, 0, -2.5])
record("masked/masked_invalid", ["ma.masked_invalid", "$x"], np.ma.masked_invalid(x), {"x": x})
record("masked/fix_invalid", ["ma.getdata", ["ma.fix_invalid", "$x"]], np.ma.fix_invalid(x).data, {"x": x})
x = np.array([1.0, 1.00001, 1.0001, 2, 1])
record("masked/masked_values", ["ma.masked_values", "$x", 1.0], np.ma.masked_values(x, 1.0), {"x": x})

# Arithmetic: hidden on either side is hidden; so is a division by nothing.
for dtype in ("f8", "f4", "i4"):
    a, b = masked(dtype, (5, 4)), masked(dtype, (4,), 0.2)
    p = np.asarray(masked(dtype, (5, 4)).data)
    for name, op in (("add", np.ma.add), ("subtract", np.ma.subtract), ("multiply", np.ma.multiply), ("divide", np.ma.true_divide)):
        record(f"masked/{name}", ["ma." + name, "$a", "$b"], op(a, b), {"a": a, "b": b}, TOL.get(dtype, 1e-12))
        record(f"masked/{name}", ["ma." + name, "$p", "$a"], op(p, a), {"a": a, "p": p}, TOL.get(dtype, 1e-12))
        record(f"masked/{name}", ["ma." + name, "$a", 2], op(a, 2), {"a": a}, TOL.get(dtype, 1e-12))
    for name, op in (("less", np.ma.less), ("greater", np.ma.greater), ("less_equal", np.ma.less_equal), ("greater_equal", np.ma.greater_equal)):
        record(f"masked/{name}", ["ma." + name, "$a", "$b"], op(a, b), {"a": a, "b": b})
    record("masked/negative", ["ma.negative", "$a"], -a, {"a": a})
x = np.ma.masked_array([1.0, 0, 2, 0], [0, 0, 1, 0])
record("masked/divide-zero", ["ma.divide", 1.0, "$x"], 1.0 / x, {"x": x}, 1e-12)

# What is behind a mask, and shapes.
for dtype in ("f8", "i4", "u1"):
    m = masked(dtype, (4, 6))
    record("masked/filled", ["ma.filled", "$x"], m.filled(), {"x": m})
    record("masked/filled", ["ma.filled", "$x", 7], m.filled(7), {"x": m})
    record("masked/compressed", ["ma.compressed", "$x"], m.compressed(), {"x": m})
    record("masked/getmaskarray", ["ma.getmaskarray", "$x"], np.ma.getmaskarray(m), {"x": m})
    record("masked/reshape", ["ma.reshape", "$x", {"shape": [8, 3]}], m.reshape(8, 3), {"x": m})
    record("masked/transpose", ["ma.transpose", "$x"], m.T, {"x": m})
    record("masked/getitem", ["ma.getitem", "$x", {"index": [{"slice": [3, None, -2]}, 2]}], m[3::-2, 2], {"x": m})
    record("masked/getitem", ["ma.getitem", "$x", {"index": ["...", {"slice": [1, 5, None]}]}], m[..., 1:5], {"x": m})
    record("masked/astype", ["ma.astype", "$x", {"dtype": "f4"}], m.astype("f4"), {"x": m})
    record("masked/nonzero", ["ma.nonzero", "$x", {"n": 1}], m.nonzero()[1], {"x": m})
    n, c = masked(dtype, (4, 6)), rng.random((4, 6)) < 0.5
    record("masked/where", ["ma.where", "$c", "$x", "$y"], np.ma.where(c, m, n), {"c": c, "x": m, "y": n})

# float16, which array.jsonl leaves out: arithmetic rounds to it after each step, reductions of it stay in it.
for i in range(2):
    a = (rng.integers(-40, 41, (4, 5)) / 8).astype("f2")
    b = (rng.integers(1, 41, (5,)) / 8).astype("f2")
    for name in ("add", "subtract", "multiply", "divide", "power", "maximum", "minimum", "floor_divide", "mod", "arctan2", "hypot", "fmod", "copysign"):
        x = np.abs(a) if name == "power" else a
        record(f"half/{name}", [name, "$x", "$y"], getattr(np, name)(x, b), {"x": x, "y": b}, TOL["f2"], 1e-4)
    for name in ("absolute", "negative", "square", "sign", "floor", "ceil", "rint", "trunc", "exp", "sin", "cos", "tanh", "sqrt", "log", "log1p", "expm1", "cbrt", "isnan", "signbit"):
        x = np.abs(a) + np.float16(0.125) if name in ("sqrt", "log", "log1p") else a
        record(f"half/{name}", [name, "$x"], getattr(np, name)(x), {"x": x}, TOL["f2"], 1e-3)
    for name in ("sum", "prod", "mean", "std", "var", "min", "max", "argmin", "argmax", "cumsum", "median", "any"):
        axis = 1 if name in ("cumsum", "argmin", "argmax", "median", "prod") else [0, 1, None][rng.integers(3)]
        x = np.clip(a, -2, 2) if name == "prod" else a
        record(f"half/{name}", [name, "$x", {} if axis is None else {"axis": axis}], getattr(np, name)(x, axis=axis), {"x": x}, 1e-2, 1e-2)
    for name in ("less", "greater_equal", "equal"):
        record(f"half/{name}", [name, "$x", "$y"], getattr(np, name)(a, b), {"x": a, "y": b})
    record("half/astype", ["astype", "$x", {"dtype": "i4"}], a.astype("i4"), {"x": a})
    record("half/matmul", ["matmul", "$x", ["transpose", "$x"]], a @ a.T, {"x": a}, 1e-2, 1e-2)
    record("half/sort", ["sort", "$x"], np.sort(a), {"x": a})
for dtype in ("i1", "u1", "i2", "u2", "i4", "f4", "f8", "b1"):
    a = (rng.integers(-40, 41, 6) / 8).astype("f2")
    b = rng.integers(0, 2 if dtype == "b1" else 9, 6).astype(dtype)
    record("half/promote", ["add", "$x", "$y"], a + b, {"x": a, "y": b}, 1e-3)
x = np.array([65504, 65504, -65504, 6e-8, np.nan, np.inf, 1], "f2")
y = np.array([65504, -65504, -65504, 6e-8, 1, -np.inf, 2048], "f2")
for name in ("add", "multiply", "subtract", "divide"):
    record(f"half/{name}-special", [name, "$x", "$y"], getattr(np, name)(x, y), {"x": x, "y": y})
