import { expect } from 'chai'
import {
  activationJson,
  activationSvg,
  activationText,
  runActivation,
  splitExpressions,
} from '../../src/activation/run.ts'
import { enclosureText } from '../../src/activation/report.ts'
import type { ActivationRequest } from '../../src/activation/run.ts'
import { BackproveError } from '../../src/base/errors.ts'
import { TWENTY } from './twenty.ts'

const one = (expression: string, settings: Record<string, string> = {}): ActivationRequest => ({
  expression,
  settings: new Map(Object.entries(settings)),
})

function refusal(request: ActivationRequest): BackproveError {
  try {
    runActivation(request)
  } catch (error) {
    if (error instanceof BackproveError) return error
    throw error
  }
  return expect.fail('it was accepted')
}

describe('splitExpressions', () => {
  it('cuts at commas outside brackets', () => {
    expect(splitExpressions('relu, max(0,z) ,z*tanh(z)')).to.deep.equal(['relu', 'max(0,z)', 'z*tanh(z)'])
  })
})

describe('runActivation', () => {
  it('takes free names as parameters and gives the derivative by each', () => {
    const [analysis] = runActivation(one('z*sigmoid(beta*z)', { beta: '1.5' }))
    expect(analysis!.parameterDerivatives.map(({ name, value }) => [name, value])).to.deep.equal([['beta', 1.5]])
    expect(analysis!.parameterDerivatives[0]!.text).to.include('z^2')
    expect(analysis!.recognition?.known.name).to.equal('swish')
  })

  it('takes a function from a sheet, its numbers included', () => {
    const sheet = 'a = 3\ng(z) = tanh(a*z)\nX = input(n, m)\nY = g(X)'
    const [analysis] = runActivation({ expression: null, from: { sheet, name: 'g' } })
    expect(analysis!.slope.sup.lo).to.equal(3)
    expect(analysis!.symmetry).to.equal('odd')
  })

  it('finds a second spelling of what it knows', () => {
    const named = (text: string): string | undefined => runActivation(one(text))[0]!.recognition?.known.name
    expect(named('where(z > 0, z, 0)')).to.equal('relu')
    expect(named('z/(1 + exp(-z))')).to.equal('silu')
    expect(named('max(0.2*z, z)')).to.equal('leaky_relu')
    expect(named('z*tanh(z)')).to.equal(undefined)
  })

  it('states a domain, and that a pole or a jump is one', () => {
    const [log] = runActivation(one('log(z)'))
    expect(log!.domain).to.deep.equal([{ from: 0, to: Infinity, closed: { left: false, right: false } }])
    expect(log!.zeros).to.deep.equal([{ lo: 1, hi: 1, rigorous: true, whole: false }])
    const [step] = runActivation(one('step(z)'))
    expect(step!.smoothness.order).to.equal(-1)
    expect(step!.kinks).to.deep.equal([{ at: 0, left: 0, right: 0, jump: { left: 0, right: 1 } }])
    const [pole] = runActivation(one('1/z'))
    expect(pole!.domain).to.have.length(2)
  })

  it('bounds tails by what they tend to', () => {
    const [tanhExp] = runActivation(one('z*tanh(exp(z))'))
    expect(tanhExp!.limits).to.deep.equal({ left: 0, right: Infinity, known: true })
    expect(tanhExp!.slope.sup.hi - tanhExp!.slope.sup.lo).to.be.below(1e-9)
    const [gompertz] = runActivation(one('exp(-exp(-z))'))
    expect(gompertz!.limits).to.deep.equal({ left: 0, right: 1, known: true })
    expect(gompertz!.slope.sup.lo).to.be.closeTo(Math.exp(-1), 1e-12)
  })

  it('marks what it cannot prove', () => {
    const [wave] = runActivation(one('relu(sin(z^2))'))
    expect(wave!.range.sup.hi).to.equal(Infinity)
    expect(wave!.estimates).to.include.members(['kinks', 'domain', 'limits'])
    expect(wave!.listed).to.deep.equal({ zeros: false, extrema: false, slopeExtrema: false })
    // Where two steps meet at a place that is no double, the value there is not known.
    const [lone] = runActivation(one('sign(z^2 - 2)^2'))
    expect(lone!.range.inf.rigorous).to.equal(false)
    expect(lone!.estimates).to.include.members(['monotone', 'smoothness'])
  })

  it('takes what is named twice once', () => {
    const all = runActivation({ expression: 'relu', compare: 'gelu, relu,gelu' })
    expect(all.map(({ subject }) => subject.text)).to.deep.equal(['relu', 'gelu'])
  })

  it('gives the gain and what becomes of gradients', () => {
    const compare = 'relu,sigmoid,cos(2*z),silu,sin(2*z)'
    const [relu, sigmoid, ...others] = runActivation({ expression: null, compare })
    expect(relu!.initialisation.gain!.lo).to.be.closeTo(Math.SQRT2, 1e-12)
    expect(relu!.initialisation.gradientNorm!.lo).to.be.closeTo(1, 1e-10)
    expect(relu!.initialisation.verdict).to.equal('keeps its size')
    expect(sigmoid!.initialisation.verdict).to.equal('vanishes')
    expect(others.map(({ initialisation }) => initialisation.verdict)).to.deep.equal(['explodes', 'grows', 'explodes'])
  })

  it('writes quotients as such', () => {
    const [silu] = runActivation(one('silu'))
    expect(silu!.stability.map(({ spelling }) => spelling)).to.include('z/(1 + exp(-z))')
    const [difference] = runActivation(one('z-z'))
    expect(difference!.monotone).to.equal('constant')
  })

  it('knows symmetry where values overflow, and does not name what is infinite everywhere', () => {
    expect(runActivation(one('z^1000'))[0]!.symmetry).to.equal('even')
    const [tower] = runActivation(one(`${'exp('.repeat(30)}z${')'.repeat(30)}`))
    expect(tower!.recognition).to.equal(null)
  })

  it('tells where a naive spelling fails and what to write instead', () => {
    const [softplus] = runActivation(one('log(1 + exp(z))'))
    const overflow = softplus!.stability.find(
      ({ type, of, problem }) => type === 'f32' && of === 'value' && problem.includes('exp(z)'),
    )
    expect(overflow?.region).to.equal('z > 88.72')
    expect(overflow?.use).to.equal('softplus(z)')
    const lost = softplus!.stability.find(
      ({ type, of, problem }) => type === 'f32' && of === 'value' && problem.includes('digits'),
    )
    expect(lost?.region).to.match(/z < -/)
    expect(runActivation(one('tanh(z)'))[0]!.stability.filter(({ harmless }) => !harmless)).to.deep.equal([])
  })

  it('refuses with a reason', () => {
    expect(refusal(one('3 + 4')).message).to.include('does not depend on z')
    expect(refusal(one('sqrt(-1 - z^2)')).message).to.include('no real z')
    expect(refusal(one('frobnicate(z)')).code).to.equal('unknown-function')
    expect(refusal(one('sillu')).hint).to.include('silu')
    expect(refusal(one('relu + z')).hint).to.include('relu(z)')
    expect(refusal(one('z*(')).code).to.equal('syntax')
    expect(refusal(one('z', { gamma: '1' })).code).to.equal('usage')
    expect(refusal({ expression: null }).code).to.equal('usage')
    expect(refusal({ expression: null, from: { sheet: 'f(z) = z', name: 'g' } }).code).to.equal('unknown-function')
  })
})

describe('a printed enclosure', () => {
  it('holds the enclosure that it stands for', () => {
    for (const [lo, hi] of [
      [1 - 5.4e-15, 1 + 5.4e-15],
      [-1.4e-13, 1.4e-13],
      [0.3, 0.3 + 2.4e-9],
      [-12345.678, -12345.678 + 1.04e-4],
    ] as const) {
      // prettier-ignore
      const [middle, radius] = enclosureText({ lo, hi, rigorous: true }).split(' ± ').map(Number) as [number, number]
      expect(middle - radius, `${lo}`).to.be.at.most(lo)
      expect(middle + radius, `${hi}`).to.be.at.least(hi)
    }
    expect(enclosureText({ lo: -0.9973002, hi: Infinity, rigorous: true })).to.equal('between -0.998 and inf')
  })
})

describe('activationText', () => {
  it('fits in 80 columns', () => {
    for (const { expression } of TWENTY) {
      const text = activationText(runActivation(one(expression)), { plot: true })
      for (const line of text.split('\n')) expect(line.length, line).to.be.at.most(80)
    }
    const table = activationText(
      runActivation({ expression: null, compare: 'relu,gelu,z*tanh(z),mish,max(-1,min(1,z))' }),
    )
    for (const line of table.split('\n')) expect(line.length, line).to.be.at.most(80)
  })
})

describe('the averages in a report', () => {
  const averages = (expression: string): string =>
    activationText(runActivation(one(expression))).replace(/\n {14}/g, ' ').split('\n').filter((line) => /^ {2}(z ~|gain)/.test(line)).join('\n') // prettier-ignore

  it('have the digits that are certain, or the bounds', () => {
    expect(averages('sigmoid(1000*z)')).to.include("g': mean 0.398942, variance 66.3312, mean square 66.4903")
    expect(averages('sigmoid(1000*z)')).to.include('gain        1.41478; through 50 layers the gradient explodes')
    expect(averages('sin(1/z)')).to.match(/g: mean 0, variance 0\.58 ± \de-3; g': mean not known/)
    expect(averages('sin(1/z)')).to.match(/mean square between \d+ and inf/)
    expect(averages('1/z')).to.include("g: mean none, variance none; g': mean -inf, variance inf, mean square inf")
    expect(averages('1/z')).to.include('gain        none: the mean square of g is inf')
    expect(averages('relu(sin(20*z))')).to.include('g: mean 0.31831 (estimate)')
  })

  it('are marked in a table', () => {
    const table = activationText(runActivation({ expression: null, compare: 'relu(sin(20*z)),sin(1/z),1/z' }))
    expect(table).to.match(/~2 +~1\.1e\+65\n/)
    expect(table).to.match(/\? +\?\n/)
    expect(table.replace(/\s+/g, ' ')).to.include('~: an estimate; ?: bounds leave it open')
  })

  it('are flagged as estimates in JSON where the bounds do not settle them', () => {
    const read = (expression: string): { moments: Record<string, unknown>; estimates: string[] } =>
      (JSON.parse(activationJson(runActivation(one(expression)))) as { activations: [never] }).activations[0]
    const wild = read('sin(1/z)')
    expect(wild.estimates).to.include.members(['variance', 'slopeMean', 'slopeMeanSquare', 'gain'])
    expect(wild.estimates).to.not.include('mean')
    expect(wild.moments).to.include({ mean: 0, slopeMean: 'NaN' })
    expect(wild.moments['bounds']).to.have.deep.property('mean', { lo: 0, hi: 0, rigorous: true })
    expect(read('gelu').estimates).to.deep.equal([])
    expect(read('1/z').moments).to.include({ mean: 'NaN', slopeMeanSquare: 'Infinity' })
    expect(read('relu(sin(20*z))').estimates).to.include.members(['mean', 'gain', 'gradientNorm'])
  })
})

const isSubset = (whole: object, part: object): boolean =>
  Object.entries(part).every(([key, value]) => (whole as Record<string, unknown>)[key] === value)

describe('activationJson', () => {
  it('has the fields of its contract, and no number that JSON lacks', () => {
    const document = JSON.parse(activationJson(runActivation(one('silu')))) as {
      version: number
      activations: Record<string, unknown>[]
    }
    expect(document.version).to.equal(1)
    const [silu] = document.activations
    expect(silu).to.include.keys(
      'expression', 'name', 'parameters', 'derivative', 'second', 'atZero', 'limits', 'range', 'slope', 'lipschitz', 'extrema',
      'monotone', 'symmetry', 'zeros', 'kinks', 'smoothness', 'saturates', 'moments', 'gain', 'stability',
    ) // prettier-ignore
    expect(silu!['name']).to.equal('silu')
    expect(silu!['limits']).to.deep.equal({ left: 0, right: 'Infinity' })
    const survives = {
      type: 'f64',
      of: 'value',
      spelling: 'z/(1 + exp(-z))',
      from: '-Infinity',
      harmless: true,
      use: 'silu(z)',
    }
    expect((silu!['stability'] as object[]).some((fault) => isSubset(fault, survives))).to.equal(true)
    expect(silu!['floatSamples']).to.be.above(100)
    expect(activationJson(runActivation(one('log(z)')))).to.not.include('null,"slope"')
  })
})

describe('activationSvg', () => {
  it('draws one activation with its derivatives, and several in one plot', async () => {
    const one_ = await activationSvg(runActivation(one('hard_tanh')))
    expect(one_.match(/<svg /g)).to.have.length(4)
    expect(one_).to.include('saturated').and.to.include('prefers-color-scheme: dark')
    expect(one_).to.not.include('NaN')
    const several = await activationSvg(runActivation({ expression: null, compare: 'relu,gelu,tanh' }))
    for (const name of ['relu', 'gelu', 'tanh']) expect(several).to.include(`>${name}</text>`)
  })
})

describe('what a plot shows', () => {
  const circles = (svg: string, label: string): number =>
    new RegExp(`<g[^>]*aria-label="${label}"[^>]*>(.*?)</g>`, 's').exec(svg)?.[1]?.match(/<circle/g)?.length ?? 0

  it('marks kinks of every period, and what a function tends to where it is not defined', async () => {
    const wave = await activationSvg(runActivation(one('abs(sin(z))')))
    // From -6 to 6: at -pi, 0 and pi, from both sides.
    expect(circles(wave, 'dot')).to.equal(6)
    const hole = await activationSvg(runActivation(one('relu(z)/z')))
    expect(hole.match(/<circle r="3.6"/g)).to.have.lengthOf(2)
  })

  it('joins nothing across a pole, and leaves out where values explode', async () => {
    const tan = await activationSvg(runActivation(one('tan(z)')))
    for (const [, path] of tan.matchAll(/ d="(M[^"]+)"/g)) {
      const points = [...path!.matchAll(/[ML]?(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)])
      points.slice(1).forEach(([x, y], at) => {
        const [before, height] = points[at]!
        if (x! - before! < 3) expect(Math.abs(y! - height!)).to.be.below(400)
      })
    }
    const power = await activationSvg(runActivation(one('z^1000')))
    const numbers = [...power.matchAll(/-?\d+(\.\d+)?/g)].map(([text]) => Math.abs(Number(text)))
    expect(Math.max(...numbers)).to.be.below(1e5)
  })
})

describe('dots of a jump', () => {
  const circles = async (text: string): Promise<[open: number, filled: number]> => {
    const svg = await activationSvg(runActivation(one(text)))
    const [first] = svg.split("g'(z)")
    const groups = [...first!.matchAll(/<g ([^>]*aria-label="dot"[^>]*)>(.*?)<\/g>/gs)]
    const count = (isOpen: boolean): number =>
      groups
        .filter(([, attributes]) => attributes!.includes('fill="none"') === isOpen)
        .reduce((sum, [, , body]) => sum + (body!.match(/<circle/g) ?? []).length, 0)
    return [count(true), count(false)]
  }

  it('are filled where the function has the value, and open where it only tends to it', async () => {
    expect(await circles('step(z)')).to.deep.equal([1, 1])
    expect(await circles('sign(z)')).to.deep.equal([2, 1])
    expect(await circles('step(acos(z))')).to.deep.equal([0, 1])
    expect((await circles('relu'))[0]).to.equal(0)
  })

  it('stand at the ends of curves that are steep between two points of the drawing', async () => {
    const svg = await activationSvg(runActivation(one('tanh(1e4*(z - 3)) + z')))
    expect(svg.slice(svg.indexOf("g''(z)"))).to.include('5e7')
  })
})

/** The time that work takes, without what other programs on the machine take meanwhile. */
function milliseconds(work: () => unknown): number {
  const [start, used] = [performance.now(), process.cpuUsage()]
  work()
  const { user, system } = process.cpuUsage(used)
  return Math.min(performance.now() - start, (user + system) / 1000)
}

describe('the time of an analysis', () => {
  it('is below 300 ms for each of the twenty, and below 2 s for ten together', () => {
    for (const { expression } of TWENTY) {
      expect(
        milliseconds(() => runActivation(one(expression))),
        expression,
      ).to.be.below(300)
    }
    const compare = 'relu,leaky_relu,elu,gelu,gelu_tanh,silu,mish,tanh,softplus,snake'
    expect(milliseconds(() => runActivation({ expression: null, compare }))).to.be.below(2000)
  })
})
