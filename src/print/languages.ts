import type { Language } from './module/language.ts'
import { JAX } from './targets/jax.ts'
import { JS } from './targets/js.ts'
import { NUMPY } from './targets/numpy.ts'
import { TFJS } from './targets/tfjs.ts'
import { TORCH } from './targets/torch.ts'

/** The languages in which whole programs are printed, by the name that `--format` takes. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map(
  [NUMPY, TORCH, JAX, TFJS, JS].map((language) => [language.name, language]),
)
