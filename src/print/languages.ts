import type { Language } from './module/language.ts'
import { NUMPY } from './targets/numpy.ts'

/** The languages in which whole programs are printed, by the name that `--format` takes. */
export const LANGUAGES: ReadonlyMap<string, Language> = new Map([NUMPY].map((language) => [language.name, language]))
