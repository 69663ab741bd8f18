/** An activation with a name: what it is called and how a sheet would spell it. */
export interface KnownActivation {
  readonly name: string
  /** As in papers and libraries. */
  readonly title: string
  readonly expression: string
  /** Parameters and their usual values. */
  readonly parameters: Readonly<Record<string, string>>
  readonly aliases?: readonly string[]
  readonly source: string
}

const known = (
  name: string,
  title: string,
  expression: string,
  source: string,
  rest: { readonly parameters?: Record<string, string>; readonly aliases?: string[] } = {},
): KnownActivation => ({ name, title, expression, source, parameters: {}, ...rest })

/** Activations that are known by name. A family stands after its usual member, so that the member is recognised first. */
export const KNOWN: readonly KnownActivation[] = [
  known('identity', 'identity', 'z', '', { aliases: ['linear'] }),
  known('relu', 'ReLU', 'relu(z)', 'Nair and Hinton 2010'),
  known('leaky_relu', 'leaky ReLU', 'leaky_relu(z, slope)', 'Maas, Hannun, Ng 2013', { parameters: { slope: '0.01' } }),
  known('elu', 'ELU', 'elu(z, alpha)', 'Clevert, Unterthiner, Hochreiter 2015', { parameters: { alpha: '1' } }),
  known('selu', 'SELU', 'selu(z)', 'Klambauer et al. 2017'),
  known('celu', 'CELU', 'max(0, z) + min(0, alpha*expm1(z/alpha))', 'Barron 2017', { parameters: { alpha: '1' } }),
  known('gelu', 'GELU', 'gelu(z)', 'Hendrycks and Gimpel 2016'),
  known('gelu_tanh', 'GELU, tanh approximation', 'gelu_tanh(z)', 'Hendrycks and Gimpel 2016'),
  known('silu', 'SiLU', 'silu(z)', 'Elfwing, Uchibe, Doya 2017'),
  known('swish', 'Swish', 'swish(z, beta)', 'Ramachandran, Zoph, Le 2017', { parameters: { beta: '1' } }),
  known('mish', 'Mish', 'mish(z)', 'Misra 2019'),
  known('softplus', 'softplus', 'softplus(z)', 'Dugas et al. 2001'),
  known('softsign', 'softsign', 'z/(1 + abs(z))', 'Bergstra et al. 2009'),
  known('tanh', 'tanh', 'tanh(z)', ''),
  known('sigmoid', 'sigmoid', 'sigmoid(z)', '', { aliases: ['logistic'] }),
  known('hard_tanh', 'hard tanh', 'max(-1, min(1, z))', 'Collobert 2004', { aliases: ['hardtanh'] }),
  known('hard_sigmoid', 'hard sigmoid', 'max(0, min(1, z/6 + 1/2))', 'Howard et al. 2019', {
    aliases: ['hardsigmoid'],
  }),
  known('hard_swish', 'hard swish', 'z*max(0, min(1, z/6 + 1/2))', 'Howard et al. 2019', { aliases: ['hardswish'] }),
  known('log_sigmoid', 'log-sigmoid', '-softplus(-z)', '', { aliases: ['logsigmoid'] }),
  known('gaussian', 'Gaussian', 'exp(-z^2)', ''),
  known('snake', 'Snake', 'z + sin(a*z)^2/a', 'Ziyin, Hartwig, Ueda 2020', { parameters: { a: '1' } }),
  known('squared_relu', 'squared ReLU', 'relu(z)^2', 'So et al. 2021'),
  known('bent_identity', 'bent identity', '(sqrt(z^2 + 1) - 1)/2 + z', ''),
  known('relu6', 'ReLU6', 'min(6, relu(z))', 'Howard et al. 2017'),
  known('tanhshrink', 'tanh-shrink', 'z - tanh(z)', ''),
  known('sine', 'sine', 'sin(z)', '', { aliases: ['sin', 'siren'] }),
  known('arctan', 'arctangent', 'atan(z)', '', { aliases: ['atan'] }),
  known('step', 'step', 'step(z)', 'McCulloch and Pitts 1943', { aliases: ['heaviside'] }),
]

/** The activation of a name or alias; spelling with `-` or without `_` is accepted. */
export function knownActivation(name: string): KnownActivation | null {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_ ]/g, '')
  const wanted = plain(name)
  return (
    KNOWN.find((activation) =>
      [activation.name, activation.title, ...(activation.aliases ?? [])].some((text) => plain(text) === wanted),
    ) ?? null
  )
}
