"""Runs printed programs on given data: reads cases from a file, writes what they compute to standard output as JSON."""

import importlib.util
import json
import os
import sys

import numpy as np

STAND_INS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand-ins")


# Libraries that are not installed are stood in for; those that are come first on the path.
FOUND = {name: "stand-in" if importlib.util.find_spec(name) is None else "installed" for name in ("torch", "jax")}
sys.path.append(STAND_INS)

if FOUND["jax"] == "installed":
    import jax

    jax.config.update("jax_enable_x64", True)


def load(path):
    spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3], path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def converted(language, value):
    if isinstance(value, int):
        return value
    array = np.array(value["data"], dtype=float).reshape(value["shape"])
    if language == "torch":
        import torch

        return torch.from_numpy(array)
    if language == "jax":
        import jax.numpy

        return jax.numpy.asarray(array)
    return array


def plain(language, value):
    if language == "torch":
        import torch

        value = torch.as_tensor(value).detach().numpy()
    array = np.asarray(value, dtype=float)
    return {"shape": list(array.shape), "data": array.ravel().tolist()}


def differentiated(module, language, arguments, wrt):
    """The gradients by way of the library's own differentiation of the function that the program defines."""
    if language == "torch":
        import torch

        tensors = {name: value if isinstance(value, int) else value.clone().requires_grad_(True) for name, value in arguments.items()}
        torch.sum(module.Loss.apply(*tensors.values())).backward()
        return [tensors[name].grad for name in wrt]
    import jax

    names = list(arguments)
    places = tuple(names.index(name) for name in wrt)
    return jax.grad(lambda *args: jax.numpy.sum(module.loss(*args)), argnums=places)(*arguments.values())


def gradcheck(module, arguments, wrt):
    """PyTorch's own test of the derivative of the function that the program defines."""
    import torch

    tensors = [
        value if isinstance(value, int) else value.clone().requires_grad_(name in wrt) for name, value in arguments.items()
    ]
    assert torch.autograd.gradcheck(module.Loss.apply, tensors)


def expressions(case):
    """Expressions, each in the names of the values given and of the expressions before it."""
    names = {"np": np}
    for name, value in case["arguments"].items():
        names[name] = converted("numpy", value)
    results = []
    for name, text in case["expressions"]:
        names[name] = eval(text, dict(names))
        results.append(plain("numpy", names[name]))
    return {"gradients": results}


def run(case):
    language = case["language"]
    if language == "expressions":
        return expressions(case)
    module = load(case["file"])
    arguments = {name: converted(language, value) for name, value in case["arguments"].items()}
    value, gradients = module.value_and_gradients(**arguments)
    result = {"value": plain(language, value), "gradients": [plain(language, gradients[name]) for name in case["wrt"]]}
    if case["differentiate"] and language != "numpy":
        own = differentiated(module, language, arguments, case["wrt"])
        result["differentiated"] = [plain(language, gradient) for gradient in own]
    if case["check"]:
        module.check()
        if language == "torch" and FOUND["torch"] == "installed" and case["differentiate"]:
            gradcheck(module, arguments, case["wrt"])
    return result


def main(file):
    with open(file, encoding="utf-8") as source:
        cases = json.load(source)
    results = []
    for case in cases:
        try:
            with np.errstate(all="ignore"):
                results.append(run(case))
        except Exception as error:
            results.append({"error": f"{type(error).__name__}: {error}"})
    print(json.dumps({"found": FOUND, "results": results}))


if __name__ == "__main__":
    main(sys.argv[1])
