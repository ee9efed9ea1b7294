import type { Diagnostic } from '../base/index.ts'
import type { Expansion, ValueSets } from '../terminology/index.ts'

/** How many codes of published value sets are at hand, over the sets of a measure whose published size is known. */
interface OfficialShare {
  readonly present: number
  readonly official: number
  /** The sets that are not whole, the emptiest first. */
  readonly partial: readonly Expansion[]
}

/** A set without a stated size is the published one itself. */
const sizeOf = (set: Expansion) => set.officialCodes ?? set.members.length

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

function officialShare(canonicals: readonly string[], valueSets: ValueSets): OfficialShare {
  const known = canonicals.map((canonical) => valueSets.find(canonical)).filter((set) => set !== undefined)
  const shareOf = (set: Expansion) => set.members.length / sizeOf(set)
  return {
    present: sum(known.map((set) => set.members.length)),
    official: sum(known.map(sizeOf)),
    partial: known.filter((set) => shareOf(set) < 1).sort((a, b) => shareOf(a) - shareOf(b)),
  }
}

const namedSets = 3

/** What results must say of value sets that hold a part of the published codes; undefined where all are whole. */
export function officialShareRemark(canonicals: readonly string[], valueSets: ValueSets): Diagnostic | undefined {
  const { present, official, partial } = officialShare(canonicals, valueSets)
  if (partial.length === 0) return undefined
  const named = partial.slice(0, namedSets).map((set) => {
    return `"${set.title ?? set.url}" ${set.members.length} of ${set.officialCodes}`
  })
  const more = partial.length > namedSets ? `, and ${partial.length - namedSets} more` : ''
  const share = ((present / official) * 100).toFixed(0)
  return {
    code: 'content/partial-value-sets',
    severity: 'information',
    message: `The value sets hold ${share}% of the published codes (${present} of ${official}); the emptiest: ${named.join(', ')}${more}.`,
    remedy: 'Load the published expansions (configuration key "terminology").',
  }
}
