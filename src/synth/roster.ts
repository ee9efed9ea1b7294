import { writeFileSync } from 'node:fs'
import { sources } from './sources.ts'
import { createPractice } from './workforce.ts'

/** The roster of all sources' clinicians: `npi,tin,practice,provider,from,to`, an empty `to` for still there. */
export function writeRoster(path: string, seed: number, practices: number): void {
  const lines = ['npi,tin,practice,provider,from,to']
  for (const source of sources.keys())
    for (let number = 0; number < practices; number++) {
      const practice = createPractice(seed, source, number)
      for (const one of practice.clinicians)
        lines.push([one.npi, practice.tin, practice.name, `${one.given} ${one.family}`, one.from, one.to].join(','))
    }
  writeFileSync(path, `${lines.join('\n')}\n`)
}
