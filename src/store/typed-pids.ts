import type { Session } from '../duck/index.ts'
import { derivedBasis, forgetDerived, recordDerived } from './derived-state.ts'

/** Which persons everybody is now, and whose rows of typed tables may say otherwise. */
export interface HeldPids {
  /** A condition on `t.spid`; undefined where nobody's do. */
  readonly mayDiffer: string | undefined
  readonly basis: string
  readonly isHeld: boolean
}

const name = 'typed pids'

/**
 * Typed tables name the person of each row, and comparing all rows takes as long as there are rows. All were once brought up to
 * what `basis` stands for: a number and a hash of who the source patients up to that number were.
 */
export async function readPids(session: Session): Promise<HeldPids> {
  const held = (await derivedBasis(session, name)) ?? ''
  const [last = '', hash = ''] = held.split(' ')
  const row = await session.first<{ last: number; known: string; all: string }>(
    `SELECT coalesce(max(spid), 0) AS last, coalesce(bit_xor(h) FILTER (spid <= $last), 0)::VARCHAR AS known,
       coalesce(bit_xor(h), 0)::VARCHAR AS "all"
     FROM (SELECT spid, hash(spid, coalesce(pid, spid)) AS h FROM source_patient)`,
    { last: Number(last) },
  )
  const now = row ?? { last: 0, known: '', all: '' }
  const basis = `${now.last} ${now.all}`
  const isHeld = held === basis
  const mayDiffer = held !== '' && now.known === hash ? `t.spid > ${Number(last)}` : 'true'
  return { mayDiffer: isHeld ? undefined : mayDiffer, basis, isHeld }
}

/** Before rows are written: where that is stopped, all are compared the next time. */
export async function beginPids(session: Session, { isHeld }: HeldPids): Promise<void> {
  if (!isHeld) await forgetDerived(session, name)
}

/** When all tables are brought up to it. */
export async function recordPids(session: Session, { isHeld, basis }: HeldPids): Promise<void> {
  if (!isHeld) await recordDerived(session, name, basis)
}
