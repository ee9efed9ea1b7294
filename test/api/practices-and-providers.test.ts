import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Application, readyWorklist } from '../../src/jobs/index.ts'
import { isSmall, safeCells } from '../../src/measure/index.ts'
import { readSharedStrata } from '../../src/store/index.ts'
import { openSeededApplication } from '../browser/seeded-application.ts'
import { pagesApp } from '../pages/pages-app.ts'

// Whoever may not see small counts may see a practice beside its providers, and knows who works where: the one less the others.

const folder = mkdtempSync(join(tmpdir(), 'caregap-levels-'))
const measureId = 'blood-pressure'
let application: Application
let app: Awaited<ReturnType<typeof pagesApp>>

beforeAll(async () => {
  const tokenSha256 = createHash('sha256').update('analyst').digest('hex')
  writeFileSync(
    join(folder, 'users.json'),
    JSON.stringify({ users: [{ id: 'analyst', name: 'analyst', role: 'analyst', tokenSha256 }] }),
  )
  // Three practices of two providers each, and a third one of the first practice who has four people.
  const seeded = await openSeededApplication(async (session) => {
    await session.run('DELETE FROM attribution')
    // Few are excluded of this measure, and beside those how many are counted would tell them.
    await session.run(`UPDATE result_row SET denominator_exclusion = 0 WHERE measure_id = '${measureId}'`)
    await session.run(
      `INSERT INTO attribution BY NAME SELECT pid, 'provider-' || place || '-' || one AS npi, 'Dr. ' || place || one AS provider_name,
         place AS practice, place AS tin, 1 AS source_id, 1 AS visits, '2025-09-12' AS last_visit FROM (
           SELECT pid, [0, 0, 0, 0, 1, 1, 2, 2][1 + n % 8] AS place, CASE WHEN n < 4 THEN 9 ELSE (n // 8) % 2 END AS one
           FROM (SELECT pid, row_number() OVER (ORDER BY pid) - 1 AS n FROM person_result
             WHERE run_id = 1 AND measure_id = '${measureId}' AND denominator > 0))`,
    )
  })
  application = { ...seeded, config: { ...seeded.config, users: join(folder, 'users.json') } }
  app = await pagesApp(application)
  await readyWorklist(application.store.session, application.clock)
})
afterAll(() => {
  application.store.close()
  rmSync(folder, { recursive: true })
})

interface Told {
  readonly id: string | null
  readonly label: string | null
  readonly atRisk: number | null
  readonly numerator: number | null
}

const ask = (path: string) => app.request(`http://127.0.0.1${path}`, { headers: { authorization: 'Bearer analyst' } })
const strata = (by: string, format: string) => ask(`/api/measures/${measureId}/strata?by=${by}&format=${format}`)
const jsonOf = async (by: string) => ((await (await strata(by, 'json')).json()) as { strata: Told[] }).strata

const shared = async () => {
  const row = await application.store.session.first<{ group: string; end: string }>(
    `SELECT group_id AS "group", '2025-12-31' AS "end" FROM person_result WHERE run_id = 1 AND measure_id = '${measureId}'`,
  )
  return readSharedStrata(application.store.session, {
    runId: 1,
    measureId,
    groupId: row?.group ?? '',
    periodEnd: row?.end ?? '',
  })
}

type Count = 'atRisk' | 'numerator'

/** What each practice leaves beside those of its providers that are told, and how many of its providers are not. */
async function leftOf(practices: readonly Told[], providers: readonly Told[], what: Count) {
  const cells = await shared()
  return practices.flatMap((practice) => {
    const told = practice[what]
    if (told === null) return []
    const own = cells.filter((cell) => cell.practice === practice.id)
    const counts = own.map((cell) => providers.find(({ id }) => id === cell.provider)?.[what] ?? null)
    const hidden = counts.filter((count) => count === null).length
    return [{ hidden, left: told - counts.reduce<number>((sum, count) => sum + (count ?? 0), 0) }]
  })
}

test('each table by itself would tell the small provider of a practice', async () => {
  const cells = await shared()
  const exact = (of: 'practice' | 'provider'): Told[] => {
    const ids = [...new Set(cells.map((cell) => cell[of]))]
    const rows = ids.map((id) => {
      const own = cells.filter((cell) => cell[of] === id)
      const sum = (what: Count) => own.reduce((all, cell) => all + cell[what], 0)
      return { id, label: id, atRisk: sum('atRisk'), numerator: sum('numerator') }
    })
    const safety = safeCells(rows.map(({ atRisk, numerator }) => ({ trials: atRisk, events: numerator })))
    return rows.map((row, at) => ({ ...row, atRisk: safety[at]?.hideTrials === true ? null : row.atRisk }))
  }
  const left = await leftOf(exact('practice'), exact('provider'), 'atRisk')
  expect(left.some(({ hidden, left: rest }) => hidden === 1 && isSmall(rest))).toBe(true)
})

test('by JSON a practice less its providers leaves no small count and no single one', async () => {
  const [practices, providers] = [await jsonOf('practice'), await jsonOf('provider')]
  expect(practices.filter(({ atRisk }) => atRisk !== null).length).toBeGreaterThan(0)
  expect(providers.some(({ atRisk }) => atRisk !== null)).toBe(true)
  for (const what of ['atRisk', 'numerator'] as const)
    for (const { hidden, left } of await leftOf(practices, providers, what))
      expect([what, hidden === 1, isSmall(left)]).toEqual([what, false, false])
})

test('files and pages tell what JSON tells, and nothing more', async () => {
  for (const by of ['practice', 'provider']) {
    const told = await jsonOf(by)
    const csv = (await (await strata(by, 'csv')).text()).trimEnd().split('\r\n').slice(1)
    expect(csv.map((line) => line.split(',').slice(-3, -1))).toEqual(
      told.map(({ atRisk, numerator }) => [String(atRisk ?? ''), String(numerator ?? '')]),
    )
    const arrow = tableFromIPC(new Uint8Array(await (await strata(by, 'arrow')).arrayBuffer()))
    expect(arrow.toArray().map((row: { toJSON(): Told }) => row.toJSON().atRisk)).toEqual(
      told.map(({ atRisk }) => atRisk),
    )
    const parquet = join(folder, `${by}.parquet`)
    writeFileSync(parquet, new Uint8Array(await (await strata(by, 'parquet')).arrayBuffer()))
    expect(await application.store.session.all(`SELECT "atRisk", numerator FROM read_parquet('${parquet}')`)).toEqual(
      told.map(({ atRisk, numerator }) => ({ atRisk, numerator })),
    )
    const page = await (await ask(`/measures/${measureId}/providers?by=${by}`)).text()
    const rows = page.split('<tr role="row">').slice(2)
    expect(rows).toHaveLength(told.length)
    for (const [at, row] of rows.entries()) {
      const atRisk = told[at]?.atRisk ?? null
      const cell = row.split('data-label="People counted"')[1]?.split('</td>')[0] ?? ''
      expect([by, at, cell.includes('hidden')]).toEqual([by, at, atRisk === null])
      if (atRisk !== null) expect(cell).toContain(`>${atRisk}<`)
    }
  }
})

test('what was told once of a run is told again, whoever moved meanwhile', async () => {
  const before = [await jsonOf('practice'), await jsonOf('provider')]
  await application.store.session.run(
    `UPDATE worklist_person SET practice = '1', npi = 'provider-1-0' WHERE pid % 5 = 0`,
  )
  expect([await jsonOf('practice'), await jsonOf('provider')]).toEqual(before)
})
