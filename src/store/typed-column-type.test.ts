import { expect, test } from 'vitest'
import { markedFields, typedFields, typedResourceTypes } from '../fhir/index.ts'
import { openStore } from './store.ts'
import { columnTypes } from './typed-column-type.ts'
import { fieldColumns, jsonStructure } from './typed-value.ts'

interface Described {
  readonly column_name: string
  readonly column_type: string
}

test('the types of columns are those of the expressions that fill them, and of the NULLs where nothing does', async () => {
  const store = await openStore({ path: ':memory:' })
  const { session } = store
  const typesOf = async (sql: string) =>
    (await session.all<Described>(`DESCRIBE ${sql}`)).map((row) => [row.column_name, row.column_type])
  try {
    await session.run(`CREATE TEMP TYPE concept_text AS ENUM ('[]')`)
    await session.run('SET VARIABLE concept_cids = [1::INTEGER]')
    for (const type of typedResourceTypes) {
      const fields = typedFields(type) ?? []
      const structure = jsonStructure(fields)
      const keys = Object.keys(structure).map((key) => `s."${key}" AS "${key}"`)
      const read = `(SELECT ${keys.join(', ')} FROM (SELECT from_json('{}', '${JSON.stringify(structure)}') AS s)) r`
      const filledBy = (which: typeof fields) =>
        fieldColumns(which, 'r', { source: `'ehr'`, base: `''`, depth: 0 }).map(([name, sql]) => `${sql} AS "${name}"`)
      const columns = columnTypes(fields).map(([name, columnType]) => `"${name}" ${columnType}`)
      await session.run(`CREATE OR REPLACE TEMP TABLE wanted (${columns.join(', ')})`)
      const wanted = await typesOf('wanted')
      expect([type, await typesOf(`SELECT ${filledBy(fields).join(', ')} FROM ${read}`)]).toEqual([type, wanted])
      const empty = markedFields(fields, {
        empty: new Set(fields.flatMap(({ options }) => options.map(({ key }) => key))),
      })
      expect([type, await typesOf(`SELECT ${filledBy(empty).join(', ')} FROM ${read}`)]).toEqual([type, wanted])
    }
  } finally {
    store.close()
  }
})
