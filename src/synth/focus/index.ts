import { cancer } from './cancer.ts'
import { endOfLife } from './end-of-life.ts'
import type { Focus } from './focus.ts'
import { frailty } from './frailty.ts'
import { glycemia } from './glycemia.ts'
import { kidneyAndPregnancy } from './kidney-and-pregnancy.ts'
import { mind } from './mind.ts'

const focuses: readonly Focus[] = [...endOfLife, ...frailty, ...kidneyAndPregnancy, ...cancer, ...mind, ...glycemia]

export interface Assigned {
  readonly focus: Focus
  readonly variant: number
}

/** The focus of the person at an index, where `share` of all people have one; they take turns. */
export function focusOf(index: number, share: number): Assigned | undefined {
  const ordinal = Math.floor(index * share)
  if (Math.floor((index + 1) * share) === ordinal) return undefined
  return { focus: focuses[ordinal % focuses.length] as Focus, variant: Math.floor(ordinal / focuses.length) }
}
