"""A thin stand-in for the part of JAX that printed programs use, on NumPy arrays."""

import math

import numpy as np

from . import numpy  # noqa: F401


class config:
    @staticmethod
    def update(name, value):
        pass


def _along(function):
    return lambda x, axis, keepdims=False: function(np.asarray(x), axis, keepdims)


def _logsumexp(x, axis, keepdims):
    return np.logaddexp.reduce(x, axis=axis, keepdims=keepdims)


class nn:
    sigmoid = staticmethod(lambda x: np.exp(-np.logaddexp(0, -x)))
    log_sigmoid = staticmethod(lambda x: -np.logaddexp(0, -x))
    softplus = staticmethod(lambda x: np.logaddexp(0, x))
    silu = staticmethod(lambda x: x * np.exp(-np.logaddexp(0, -x)))
    softmax = staticmethod(lambda x, axis: np.exp(x - _logsumexp(np.asarray(x), axis, True)))
    log_softmax = staticmethod(lambda x, axis: x - _logsumexp(np.asarray(x), axis, True))

    @staticmethod
    def selu(x):
        return 1.0507009873554804934193349852946 * np.where(x > 0, x, 1.6732632423543772848170429916717 * np.expm1(x))

    @staticmethod
    def gelu(x, approximate):
        if not approximate:
            raise NotImplementedError
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


class scipy:
    class special:
        erf = staticmethod(np.vectorize(math.erf, otypes=[float]))
        erfc = staticmethod(np.vectorize(math.erfc, otypes=[float]))
        logsumexp = staticmethod(_along(_logsumexp))


class custom_vjp:
    """A function with a derivative given by hand."""

    def __init__(self, function, nondiff_argnums=()):
        self.function, self.fixed = function, nondiff_argnums

    def __call__(self, *args):
        value = self.function(*args)
        _CALLS.append((self, args))
        return value

    def defvjp(self, forward, backward):
        self.forward, self.backward = forward, backward


_CALLS = []


def grad(function, argnums):
    """The gradients of a function that ends in one call of a `custom_vjp`, scaled by nothing but a sum."""

    def gradients(*args):
        _CALLS.clear()
        function(*args)
        ((node, _),) = _CALLS
        value, cache = node.forward(*args)
        results = node.backward(*[args[at] for at in node.fixed], cache, np.ones(np.shape(value)))
        moving = [at for at in range(len(args)) if at not in node.fixed]
        return [results[moving.index(at)] for at in argnums]

    return gradients
