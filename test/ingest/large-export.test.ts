import { expect, test } from 'vitest'
import { rowGroupRows } from '../../src/store/index.ts'
import { lines, load, newFolder, newStore, observation, patient, write } from './written-export.ts'

test('lines and faults around the end of a row group keep their places in their file', async () => {
  const before = 10
  const texts = Array.from({ length: 40 }, (_, index) =>
    index >= before - 2 && index < before + 2 ? `bad ${index}` : JSON.stringify(observation(`o${index}`, 'p0')),
  )
  const patients = Array.from({ length: rowGroupRows - before }, (_, index) => lines(patient(`p${index}`)))
  const folder = write(newFolder(), {
    'a.Patient.ndjson': patients.join(''),
    'b.Observation.ndjson.gz': lines(...texts),
  })
  const store = await newStore()
  const report = await load(store, folder, { source: 'ehr' })
  expect(report.total).toMatchObject({ lines: rowGroupRows + 30, good: rowGroupRows + 26, quarantined: 4 })
  const faults = [8, 9, 10, 11].map((index) => ({
    line_no: String(index + 1),
    byte_offset: String(lines(...texts.slice(0, index)).length),
    text: `bad ${index}`,
  }))
  const quarantined = 'SELECT line_no, byte_offset, decode(text) AS text FROM quarantine ORDER BY line_no'
  expect(await store.session.all(quarantined)).toEqual(faults)
  expect(
    await store.session.all(
      `SELECT line_no::INTEGER AS line, raw FROM raw_line WHERE type = 'Observation' ORDER BY line_no`,
    ),
  ).toEqual(texts.flatMap((raw, index) => (raw.startsWith('bad') ? [] : [{ line: index + 1, raw }])))
})
