import type { Coding } from '../../fhir/index.ts'
import { normalText } from './apply-maps.ts'

/** A standard code that something local may mean. */
export interface Candidate {
  readonly system: string
  readonly code: string
  readonly display?: string
  /** 1 where code or words are the same; less, the fewer words they share. */
  readonly likeness: number
}

/** Below so much likeness two texts share little but common words. */
const leastLikeness = 0.34

/** Finds among the codes that measures read those that a local code or text may mean. */
export class CandidateFinder {
  readonly #codings: readonly { readonly coding: Coding; readonly words: ReadonlySet<string> }[]
  readonly #byCode = new Map<string, Coding[]>()

  constructor(codings: Iterable<Coding>) {
    const distinct = new Map<string, Coding>()
    for (const coding of codings) {
      const key = `${coding.system ?? ''}|${coding.code ?? ''}`
      if (distinct.get(key)?.display === undefined) distinct.set(key, coding)
    }
    this.#codings = [...distinct.values()].map((coding) => ({ coding, words: wordsOf(coding.display ?? '') }))
    for (const { coding } of this.#codings) {
      const code = coding.code ?? ''
      this.#byCode.set(code, [...(this.#byCode.get(code) ?? []), coding])
    }
  }

  /** The likeliest first, at most `limit`. */
  find(local: { readonly code?: string; readonly texts: readonly string[] }, limit = 3): readonly Candidate[] {
    const same = (this.#byCode.get(local.code ?? '') ?? []).map((coding) => candidateOf(coding, 1))
    const wanted = local.texts.map(wordsOf).filter((words) => words.size > 0)
    const alike = this.#codings.flatMap(({ coding, words }) => {
      const likeness = Math.max(0, ...wanted.map((text) => likenessOf(text, words)))
      return likeness < leastLikeness ? [] : [candidateOf(coding, likeness)]
    })
    const found = new Map<string, Candidate>()
    for (const one of [...same, ...alike.sort((a, b) => b.likeness - a.likeness || (a.code < b.code ? -1 : 1))]) {
      const key = `${one.system}|${one.code}`
      if (!found.has(key)) found.set(key, one)
    }
    return [...found.values()].slice(0, limit)
  }
}

const candidateOf = ({ system = '', code = '', display }: Coding, likeness: number): Candidate => ({
  system,
  code,
  ...(display === undefined ? {} : { display }),
  likeness: Math.round(likeness * 100) / 100,
})

const stopWords = new Set(['of', 'in', 'by', 'the', 'and', 'or', 'for', 'with', 'to', 'a'])

function wordsOf(text: string): ReadonlySet<string> {
  const words = normalText(text).split(/[^a-z0-9]+/)
  return new Set(words.filter((word) => word !== '' && !stopWords.has(word)))
}

/** Shared words against all words of both. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const shared = [...one].filter((word) => other.has(word)).length
  return shared === 0 ? 0 : shared / (one.size + other.size - shared)
}
