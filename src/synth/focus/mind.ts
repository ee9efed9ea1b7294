import { type FollowUp, followUp, refuse, screen } from '../course/depression-screening.ts'
import type { Life } from '../course/life.ts'
import { dayIn, type Focus, officeVisit } from './focus.ts'

const adolescents = { ages: [13, 18] } as const
const adults = { ages: [20, 80] } as const

/** Two ways of following up, which take turns. */
const pairs: readonly (readonly FollowUp[])[] = [
  ['medication', 'referral'],
  ['referral', 'counsel'],
  ['medication', 'counsel'],
]

function screenedPositive(life: Life, variant: number): void {
  const visit = officeVisit(life, dayIn(life, 9, 12))
  screen(life, visit, true)
  for (const way of pairs[variant % pairs.length] ?? []) followUp(life, visit, way)
}

const focus = (name: string, bounds: Focus['bounds'], happen: Focus['happen']): Focus => ({
  name,
  bounds,
  happen,
  unscreened: true,
})

/** These courses begin without a screening by chance: what happens here is the only one of the period. */
export const mind: readonly Focus[] = [
  focus('adolescent-positive-early', adolescents, screenedPositive),
  focus('adolescent-positive-late', adolescents, (life, variant) => screenedPositive(life, variant + 1)),
  focus('adult-positive', adults, screenedPositive),
  focus('adolescent-declined', adolescents, (life) => refuse(life, officeVisit(life, dayIn(life, 1, 11)), true)),
  focus('adolescent-not-indicated', adolescents, (life) => refuse(life, officeVisit(life, dayIn(life, 1, 11)), false)),
  focus('adult-declined', adults, (life) => refuse(life, officeVisit(life, dayIn(life, 1, 11)), true)),
  focus('adult-not-indicated', adults, (life) => refuse(life, officeVisit(life, dayIn(life, 1, 11)), false)),
]
