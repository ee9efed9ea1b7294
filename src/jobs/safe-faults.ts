import { hideSmall, isSmall } from '../measure/index.ts'
import type { FaultCount, TypeCount } from '../store/index.ts'

/** A fault of data as it may be told: what is null is hidden. */
export type SafeFault = Omit<FaultCount, 'resources' | 'patients' | 'targets' | 'held' | 'file' | 'line'> & {
  readonly [Count in 'resources' | 'patients' | 'targets' | 'held' | 'line']: number | null
} & { readonly file: string | null }

/**
 * Faults for who may not see small counts. How many resources have one is told where neither they nor those without it are few, and
 * where it is told how many there are in all: beside a hidden one it would be a bound. People and places are not told: they are of
 * single resources.
 */
export function safeFaults(
  faults: readonly FaultCount[],
  held: readonly TypeCount[],
  isSafe: boolean,
): readonly SafeFault[] {
  if (!isSafe) return faults
  const told = toldTypes(held)
  return faults.map((fault) => {
    const isTold =
      told.has(`${fault.source} ${fault.type}`) && !isSmall(fault.resources) && !isSmall(fault.held - fault.resources)
    return {
      ...fault,
      resources: isTold ? fault.resources : null,
      held: isTold ? fault.held : null,
      patients: null,
      targets: null,
      file: null,
      line: null,
    }
  })
}

/** The sources and types of which it may be told how many resources there are. */
function toldTypes(held: readonly TypeCount[]): ReadonlySet<string> {
  const types = new Set(held.map(({ type }) => type))
  return new Set(
    [...types].flatMap((type) => {
      const row = held.filter((one) => one.type === type)
      const hidden = hideSmall(row.map(({ resources }) => resources))
      return row.flatMap(({ source }, index) => (hidden[index] === true ? [] : [`${source} ${type}`]))
    }),
  )
}
