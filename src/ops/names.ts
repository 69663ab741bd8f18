/** The names of all elementwise operations. A table over them that lacks one does not compile. */
export const ELEMENTWISE_NAMES = [
  'add', 'sub', 'mul', 'div', 'neg', 'pow',
  'gt', 'ge', 'eq', 'ne', 'and', 'or', 'not', 'where', 'max', 'min', 'abs', 'sign', 'step',
  'exp', 'log', 'log1p', 'expm1', 'sqrt',
  'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'asin', 'acos', 'atan', 'erf',
  'sigmoid', 'softplus', 'relu', 'leaky_relu', 'elu', 'selu', 'gelu', 'gelu_tanh', 'silu', 'swish', 'mish',
] as const // prettier-ignore

export type ElementwiseName = (typeof ELEMENTWISE_NAMES)[number]
