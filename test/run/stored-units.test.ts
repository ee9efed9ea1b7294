import { afterEach, expect, test } from 'vitest'
import { silentProgress } from '../../src/base/index.ts'
import type { Resource } from '../../src/fhir/index.ts'
import type { Engine } from '../../src/measure/index.ts'
import { readRunEngines, type Store } from '../../src/store/index.ts'
import { openStoreWith } from '../identity/fixture.ts'
import { about, applicationOver, patient, period, strataMeasure } from './made-run.ts'

let store: Store | undefined
afterEach(() => {
  store?.close()
  store = undefined
})

type Measured = readonly [value: number, unit?: string]

/** What was measured of each person, in units as sources write them: of UCUM, of none, with a zero point of their own. */
const measured: Readonly<Record<string, readonly Measured[]>> = {
  ann: [
    [1500, 'mg'],
    [2, 'g'],
    [1.5, 'g'],
  ],
  bob: [
    [0.001, 'kg'],
    [1000, 'mg'],
    [1000000, 'ug'],
    [1000010, 'ug'],
    [0.001, 'ug'],
  ],
  cat: [
    [7, 'furlong'],
    [7, 'furlong'],
    [8, 'furlong'],
  ],
  dan: [[3], [4, '1'], [350, '%']],
  eve: [[1, '[lb_av]']],
  fay: [],
}

const observed = (id: string, [value, unit]: Measured, index: number): Resource => ({
  ...about(`${id}-${index}`, 'Observation', id),
  status: 'final',
  valueQuantity: { value, ...(unit === undefined ? {} : { unit, system: 'http://unitsofmeasure.org', code: unit }) },
})

const amounts = `([Observation] O return all FHIRHelpers.ToQuantity(O.value as FHIR.Quantity))`

const defines = {
  Seen: 'exists [Patient]',
  Heavy: `exists (${amounts} A where A > 1 'kg')`,
  Light: `exists (${amounts} A where A < 2 'ug')`,
  Much: `exists (${amounts} A where A between 1.4 'g' and 1 '[lb_av]')`,
  Least: `Min(${amounts})`,
  Most: `Max(${amounts})`,
  Total: `Sum(${amounts})`,
  Mean: `Avg(${amounts})`,
  First: `First(${amounts} A sort asc)`,
  Last: `Last(${amounts} A sort desc)`,
  Different: `Count(distinct ${amounts})`,
  Same: `First(${amounts}) = Last(${amounts})`,
  Alike: `First(${amounts}) ~ Last(${amounts})`,
  Difference: `First(${amounts}) - Last(${amounts})`,
  Share: `First(${amounts}) / Last(${amounts})`,
  Area: `First(${amounts}) * 2 'm'`,
  Grams: `convert First(${amounts} A where A > 0 'g') to 'g'`,
  Within: `exists (${amounts} A where Interval[1 'mg', 1 'kg'] contains A)`,
}

async function evaluated(opened: Store, own: Readonly<Record<string, string>>, engine: Engine) {
  const measure = await strataMeasure('Units', own, 'Seen')
  const application = await applicationOver(opened, [measure])
  const runId = await application.evaluateRun({ period, engine }, silentProgress)
  const rows = await opened.session.all(
    'SELECT * EXCLUDE (run_id) FROM person_result WHERE run_id = $runId ORDER BY pid',
    {
      runId,
    },
  )
  return { rows, engines: await readRunEngines(opened.session, runId) }
}

const storeOf = (people: Readonly<Record<string, readonly Measured[]>>): Promise<Store> =>
  openStoreWith([
    {
      source: 'north',
      resources: Object.entries(people).flatMap(([id, each]) => [
        patient(id),
        ...each.map((one, index) => observed(id, one, index)),
      ]),
    },
  ])

test('quantities in units that the data have and the logic does not name are converted by SQL as by closures', async () => {
  store = await storeOf(measured)
  const direct = await evaluated(store, defines, 'direct')
  const sql = await evaluated(store, defines, 'sql')
  expect(sql.rows).toEqual(direct.rows)
  expect(sql.engines).toEqual([{ measureId: 'Units', engine: 'sql', closures: 0, reasons: [] }])
  expect(new Set(direct.rows.map((row) => (row as { strata: string }).strata)).size).toBe(6)
})

test('quantities that cannot be compared have no order that SQL knows: such persons are left to closures, and the run says why', async () => {
  const mixed = {
    ...measured,
    gil: [[7], [7, 'mm[Hg]']],
    hal: [
      [37, 'Cel'],
      [98.6, '[degF]'],
    ],
  } as const
  store = await storeOf(mixed)
  const own = { Seen: defines.Seen, First: defines.First, Hot: `exists (${amounts} A where A > 36 'Cel')` }
  const sql = await evaluated(store, own, 'sql')
  expect(sql.rows).toEqual((await evaluated(store, own, 'direct')).rows)
  expect(sql.engines).toEqual([
    {
      measureId: 'Units',
      engine: 'sql',
      closures: 7,
      reasons: [
        { reason: 'units that the data and the logic do not have in common', persons: 5 },
        { reason: 'quantities without a common unit', persons: 2 },
      ],
    },
  ])
  const sorted = await evaluated(store, { Seen: defines.Seen, First: defines.First }, 'sql')
  const reasons = [{ reason: 'quantities without a common unit', persons: 2 }]
  expect(sorted.engines).toEqual([{ measureId: 'Units', engine: 'sql', closures: 2, reasons }])
})
