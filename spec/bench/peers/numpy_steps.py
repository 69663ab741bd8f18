"""Gradients by hand in NumPy."""
import numpy as np

VERSION = f"NumPy {np.__version__}"


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def network(arrays, activations, samples):
    x, y = arrays["X"], arrays["Y"]
    depth = len(activations)
    weights = [(arrays[f"W{i}"], arrays[f"b{i}"]) for i in range(1, depth + 1)]
    scale = x.dtype.type(1.0 / samples)

    def step():
        values = [x]
        for (w, b), fn in zip(weights, activations):
            z = w @ values[-1]
            z += b
            if fn == "tanh":
                a = np.tanh(z)
            elif fn == "relu":
                a = np.maximum(z, 0, out=z)
            elif fn == "sigmoid":
                a = sigmoid(z)
            else:
                a = np.exp(z - z.max(axis=0, keepdims=True))
                a /= a.sum(axis=0, keepdims=True)
            values.append(a)
        last = values[-1]
        if activations[-1] == "softmax":
            cost = -np.sum(y * np.log(last)) * scale
        else:
            cost = -np.sum(y * np.log(last) + (1 - y) * np.log(1 - last)) * scale
        dz = last - y
        grads = []
        for layer in range(depth - 1, -1, -1):
            w, _ = weights[layer]
            before = values[layer]
            db = scale * dz.sum(axis=1, keepdims=True)
            dw = scale * (dz @ before.T)
            grads.append((dw, db))
            if layer > 0:
                da = w.T @ dz
                if activations[layer - 1] == "tanh":
                    dz = da * (1 - before * before)
                else:
                    dz = da * (before > 0)
        flat = [cost]
        for dw, db in reversed(grads):
            flat += [dw, db]
        return flat

    return step


def elementwise(arrays):
    x = arrays["X"]

    def step():
        # One exponential for both: tanh(log(1 + e)) = (e*e + 2e)/(e*e + 2e + 2).
        e = np.exp(x)
        n = e * (e + 2)
        t = n / (n + 2)
        s = e / (1 + e)
        return [x * t, t + x * s * (1 - t * t)]

    return step


def entries(part):
    return np.ravel(part)
