import type { Session } from '../duck/index.ts'

/** `interrupted`: the process that was making it is gone. */
export type AsyncAnswerState = 'running' | 'done' | 'failed' | 'interrupted'

/** An answer that its caller comes back for. */
export interface AsyncAnswer {
  readonly answerId: string
  readonly state: AsyncAnswerState
  readonly userId: string
  readonly measureId: string | null
  /** ISO instant in UTC; after it the answer is gone. */
  readonly expiresAt: string
  /** HTTP status of the body; null while it runs. */
  readonly status: number | null
  /** JSON text; null while it runs. */
  readonly body: string | null
  /** Persons whom the body tells of. */
  readonly pids: readonly number[] | null
}

const textOf = (time: Date) => time.toISOString().replace('T', ' ').replace('Z', '')

/** Writes down that an answer is being made. */
export async function openAsyncAnswer(
  session: Session,
  answer: Pick<AsyncAnswer, 'answerId' | 'userId' | 'measureId'>,
  times: { readonly startedAt: Date; readonly expiresAt: Date },
): Promise<void> {
  await session.run(
    `INSERT INTO async_answer BY NAME
     SELECT $answerId AS answer_id, 'running' AS state, $userId AS user_id, $measureId AS measure_id,
       $startedAt::TIMESTAMP AS started_at, $expiresAt::TIMESTAMP AS expires_at`,
    { ...answer, startedAt: textOf(times.startedAt), expiresAt: textOf(times.expiresAt) },
  )
}

/** Writes down what became of an answer; nothing where it was given up meanwhile. */
export async function endAsyncAnswer(
  session: Session,
  answerId: string,
  end: {
    readonly state: 'done' | 'failed'
    readonly status: number
    readonly body: string
    readonly pids: readonly number[]
    readonly expiresAt: Date
  },
): Promise<void> {
  const { pids, expiresAt, ...rest } = end
  await session.run(
    `UPDATE async_answer SET state = $state, status = $status, body = $body, expires_at = $expiresAt::TIMESTAMP,
       pids = from_json($pids::JSON, '["INTEGER"]')
     WHERE answer_id = $answerId AND state = 'running'`,
    { answerId, ...rest, pids: JSON.stringify(pids), expiresAt: textOf(expiresAt) },
  )
}

/** An answer that has not expired; undefined where there is none. */
export function readAsyncAnswer(session: Session, answerId: string, now: Date): Promise<AsyncAnswer | undefined> {
  return session.first<AsyncAnswer>(
    `SELECT answer_id AS "answerId", state, user_id AS "userId", measure_id AS "measureId", status, body, pids,
       strftime(expires_at, '%Y-%m-%dT%H:%M:%SZ') AS "expiresAt"
     FROM async_answer WHERE answer_id = $answerId AND expires_at > $now::TIMESTAMP`,
    { answerId, now: textOf(now) },
  )
}

/** Takes an answer away, whatever its state. */
export async function deleteAsyncAnswer(session: Session, answerId: string): Promise<void> {
  await session.run('DELETE FROM async_answer WHERE answer_id = $answerId', { answerId })
}

/** At the start of a process: what was being made is interrupted, what has expired is taken away. */
export async function settleAsyncAnswers(session: Session, now: Date): Promise<void> {
  await session.run("UPDATE async_answer SET state = 'interrupted' WHERE state = 'running'")
  await dropExpiredAnswers(session, now)
}

/** Takes away what has expired: answers hold people's data. */
export async function dropExpiredAnswers(session: Session, now: Date): Promise<void> {
  await session.run('DELETE FROM async_answer WHERE expires_at <= $now::TIMESTAMP', { now: textOf(now) })
}
