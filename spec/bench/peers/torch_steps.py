"""Gradients by PyTorch's autograd."""
import torch

VERSION = f"PyTorch {torch.__version__}"
torch.set_num_threads(1)


def network(arrays, activations, samples):
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    x, y = tensors["X"], tensors["Y"]
    params = [tensors[f"{kind}{i}"] for i in range(1, len(activations) + 1) for kind in "Wb"]
    for param in params:
        param.requires_grad_()

    def step():
        for param in params:
            param.grad = None
        a = x
        for layer, fn in enumerate(activations):
            z = params[2 * layer] @ a + params[2 * layer + 1]
            a = torch.softmax(z, 0) if fn == "softmax" else getattr(torch, fn)(z)
        if activations[-1] == "softmax":
            cost = -torch.sum(y * torch.log(a)) / samples
        else:
            cost = -torch.sum(y * torch.log(a) + (1 - y) * torch.log(1 - a)) / samples
        cost.backward()
        return [cost] + [param.grad for param in params]

    return step


def elementwise(arrays):
    x = torch.from_numpy(arrays["X"]).requires_grad_()
    ones = torch.ones_like(x)

    def step():
        x.grad = None
        y = x * torch.tanh(torch.nn.functional.softplus(x))
        y.backward(ones)
        return [y, x.grad]

    return step


def entries(part):
    return part.detach().numpy().ravel()
