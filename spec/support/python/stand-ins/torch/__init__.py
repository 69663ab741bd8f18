"""A thin stand-in for the part of PyTorch that printed programs use, on NumPy arrays."""

import math

import numpy as np

float64 = np.float64


class Tensor(np.ndarray):
    """An array with the methods of a tensor."""

    def new_ones(self, *shape):
        return tensor(np.ones(*shape, dtype=self.dtype))

    def new_zeros(self, *shape):
        return tensor(np.zeros(*shape, dtype=self.dtype))

    def new_full(self, shape, value):
        return tensor(np.full(shape, value, dtype=self.dtype))

    def new_tensor(self, value):
        return tensor(np.array(value, dtype=self.dtype))

    def to(self, dtype):
        return tensor(self.astype(dtype))

    def detach(self):
        return self

    def numpy(self):
        return np.asarray(self)

    def clone(self):
        return tensor(self.copy())

    def requires_grad_(self, _):
        self.grad = None
        return self

    def backward(self):
        """Gives the arguments of the function that made this value their gradients."""
        node = self.history
        gradients = node.function.backward(node, tensor(np.ones(np.shape(self))))
        for argument, gradient in zip(node.arguments, gradients):
            if gradient is not None:
                argument.grad = gradient


def tensor(value, dtype=None):
    return np.array(value, dtype=dtype).view(Tensor)


def strict(function):
    """PyTorch's functions take tensors, not numbers."""

    def checked(*args, **options):
        for arg in args:
            if not isinstance(arg, Tensor):
                raise TypeError(f"expected a Tensor, not {type(arg).__name__}")
        return tensor(function(*args, **options))

    return checked


def from_numpy(array):
    return tensor(array)


def as_tensor(value):
    return tensor(value)


def ones(shape, dtype=None):
    return tensor(np.ones(shape, dtype))


def zeros(shape, dtype=None):
    return tensor(np.zeros(shape, dtype))


for _name in "abs sign exp log log1p expm1 sqrt sin cos tan sinh cosh tanh maximum minimum logaddexp".split():
    globals()[_name] = strict(getattr(np, _name))
for _name, _other in {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "outer": "outer", "dot": "dot"}.items():
    globals()[_name] = strict(getattr(np, _other))
for _name in "logical_and logical_or logical_not diag diagonal trace".split():
    globals()[_name] = strict(getattr(np, _name))


def where(condition, a, b):
    if not isinstance(condition, Tensor) or condition.dtype != bool:
        raise TypeError("where expects a condition of truth values")
    return tensor(np.where(condition, a, b))


@strict
def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


@strict
def relu(x):
    return np.maximum(x, 0)


def clamp(x, min=-math.inf, max=math.inf):
    return strict(lambda a: np.clip(a, min, max))(x)


def _reducing(function):
    def reduced(x, dim=None, keepdim=False):
        return strict(lambda a: function(a, axis=dim, keepdims=keepdim))(x)

    return reduced


amax, amin, _sum = _reducing(np.max), _reducing(np.min), _reducing(np.sum)


def sum(x, dim=None, keepdim=False):
    result = _sum(x, dim, keepdim)
    # The one operation after a function of one's own that a gradient goes back through.
    if dim is None and hasattr(x, "history"):
        result.history = x.history
    return result


def prod(x, dim, keepdim=False):
    if not isinstance(dim, int):
        raise TypeError("prod takes one dim")
    return _reducing(np.prod)(x, dim, keepdim)


def logsumexp(x, dim, keepdim=False):
    return _reducing(lambda a, axis, keepdims: np.logaddexp.reduce(np.asarray(a), axis=axis, keepdims=keepdims))(x, dim, keepdim)


def softmax(x, dim):
    if not isinstance(dim, int):
        raise TypeError("softmax takes one dim")
    return exp(x - logsumexp(x, dim, True))


def log_softmax(x, dim):
    if not isinstance(dim, int):
        raise TypeError("log_softmax takes one dim")
    return x - logsumexp(x, dim, True)


def permute(x, dims):
    return tensor(np.transpose(x, dims))


def reshape(x, shape):
    return tensor(np.reshape(x, shape))


def unsqueeze(x, dim):
    return strict(lambda a: np.expand_dims(a, dim))(x)


def broadcast_to(x, shape):
    return strict(lambda a: np.broadcast_to(a, shape))(x)


def einsum(text, *operands):
    return strict(lambda *arrays: np.einsum(text, *arrays))(*operands)


def logdet(x):
    return tensor(np.linalg.slogdet(x)[1])


class linalg:
    inv = staticmethod(strict(np.linalg.inv))
    det = staticmethod(strict(np.linalg.det))


class special:
    erf = staticmethod(strict(np.vectorize(math.erf, otypes=[float])))
    erfc = staticmethod(strict(np.vectorize(math.erfc, otypes=[float])))


class nn:
    class functional:
        @staticmethod
        def logsigmoid(x):
            return strict(lambda a: -np.logaddexp(0, -a))(x)

        @staticmethod
        def silu(x):
            return x * sigmoid(x)

        @staticmethod
        def selu(x):
            return 1.0507009873554804934193349852946 * where(x > 0, x, 1.6732632423543772848170429916717 * expm1(x))

        @staticmethod
        def gelu(x, approximate):
            return 0.5 * x * (1 + tanh(tensor(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))))  # noqa: F821


class autograd:
    class Function:
        def save_for_backward(self, *tensors):
            for saved in tensors:
                if not isinstance(saved, Tensor):
                    raise TypeError("save_for_backward takes tensors")
            self.saved_tensors = tensors

        @classmethod
        def apply(cls, *arguments):
            context = cls()
            context.function = cls
            context.arguments = arguments
            value = tensor(cls.forward(context, *arguments))
            value.history = context
            return value
