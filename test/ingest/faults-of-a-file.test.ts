import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { contents, lines, load, manifest, newFolder, newStore, patient, write } from './written-export.ts'

const good = { 'Patient.ndjson': lines(patient('1'), patient('2')) }
const gzipped = gzipSync(Buffer.from(lines(...Array.from({ length: 5000 }, (_, index) => patient(`g${index * 7919}`)))))

const cases: readonly [what: string, files: Record<string, string | Buffer>, code: string, message: RegExp][] = [
  [
    'a file that the manifest names is missing',
    {
      ...good,
      'manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson' }, { type: 'Group', url: 'Group.ndjson' }),
    },
    'ingest/manifest-file-missing',
    /manifest\.json.*Group\.ndjson.*nothing of it was loaded/,
  ],
  [
    'the manifest is not JSON',
    { ...good, 'manifest.json': '{"output": [' },
    'ingest/manifest-broken',
    /manifest\.json.*cannot be used/,
  ],
  ['the manifest has no output', { ...good, 'manifest.json': '{"outputs": []}' }, 'ingest/manifest-broken', /output/],
  [
    'the manifest names a server',
    {
      ...good,
      'manifest.json': manifest({ type: 'Patient', url: 'https://ehr.example/x/Patient.ndjson?token=secret' }),
    },
    'ingest/manifest-remote',
    /on a server: \/x\/Patient\.ndjson\./,
  ],
  [
    'a declared count differs',
    { ...good, 'manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson', count: 3 }) },
    'ingest/count-differs',
    /Patient\.ndjson: The manifest declares 3 resources, the file has 2 lines\. Download/,
  ],
  ['the export is empty', { 'Patient.ndjson': '\n  \n' }, 'ingest/export-empty', /holds no resource at all/],
  ['the manifest names no file', { 'manifest.json': manifest() }, 'ingest/export-empty', /holds no resource at all/],
  [
    'a gzip file is cut',
    { ...good, 'Observation.ndjson.gz': gzipped.subarray(0, gzipped.length - 300) },
    'ingest/gzip-broken',
    /Observation\.ndjson\.gz: The gzip file is cut or damaged.*Download it again/,
  ],
  [
    'a gzip file is cut in its last bytes, where all text is there',
    { ...good, 'Observation.ndjson.gz': gzipped.subarray(0, gzipped.length - 4) },
    'ingest/gzip-broken',
    /cut or damaged/,
  ],
  [
    'a gzip file is damaged',
    {
      ...good,
      'Observation.ndjson.gz': Buffer.concat([gzipped.subarray(0, 200), Buffer.alloc(64), gzipped.subarray(264)]),
    },
    'ingest/gzip-broken',
    /cut or damaged/,
  ],
]

test.each(cases)('%s: the export is refused as a whole, in one line', async (_, files, code, message) => {
  const store = await newStore()
  const report = await load(store, write(newFolder(), files), { source: 'ehr' })
  expect(report).toMatchObject({ exitCode: 3, total: { lines: 0, inserted: 0 } })
  expect(report.exports).toMatchObject([{ state: 'refused', diagnostics: [{ code, severity: 'error' }] }])
  const [diagnostic] = report.exports[0]?.diagnostics ?? []
  expect(`${diagnostic?.place?.file}: ${diagnostic?.message} ${diagnostic?.remedy}`).toMatch(message)
  expect(`${diagnostic?.message}`).not.toContain('secret')
  expect(await contents(store)).toEqual([])
  expect(
    await store.session.all(
      'SELECT 1 FROM raw_line UNION ALL SELECT 1 FROM job UNION ALL SELECT 1 FROM source_patient',
    ),
  ).toEqual([])
})

test('the other exports of the folder are loaded', async () => {
  const folder = write(newFolder(), {
    'a/manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson', count: 2 }),
    'a/Patient.ndjson': lines(patient('1'), patient('2')),
    'b/manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson', count: 2 }),
    'b/Patient.ndjson': lines(patient('1')),
    'truth/notes.txt': 'not an export',
  })
  const store = await newStore()
  const report = await load(store, folder)
  expect(report.exports.map((one) => [one.source, one.state])).toEqual([
    ['a', 'published'],
    ['b', 'refused'],
  ])
  expect(report.exitCode).toBe(3)
  expect(await contents(store)).toHaveLength(2)
})

test('all faults of an export are told at once', async () => {
  const folder = write(newFolder(), {
    'manifest.json': manifest({ url: 'a.ndjson', count: 9 }, { url: 'b.ndjson', count: 8 }),
    'a.ndjson': lines(patient('1')),
    'b.ndjson': lines(patient('2')),
  })
  const report = await load(await newStore(), folder)
  expect(report.exports[0]?.diagnostics.map((one) => one.code)).toEqual([
    'ingest/count-differs',
    'ingest/count-differs',
  ])
})

test('a refused export leaves what was loaded before as it was', async () => {
  const folder = write(newFolder(), good)
  const store = await newStore()
  await load(store, folder)
  const before = await contents(store)
  writeFileSync(join(folder, 'Group.ndjson.gz'), gzipped.subarray(0, 100))
  expect((await load(store, folder)).exitCode).toBe(3)
  expect(await contents(store)).toEqual(before)
})

test.each([
  ['a path that is not there', () => join(newFolder(), 'none'), {}, 'ingest/path-missing'],
  ['a folder without exports', () => newFolder(), {}, 'ingest/nothing-found'],
])('%s is refused', async (_, path, options, code) => {
  await expect(load(await newStore(), path(), options)).rejects.toMatchObject({
    kind: 'input',
    exitCode: 3,
    diagnostics: [{ code }],
  })
})

test('one name for a folder of several sources is wrong use', async () => {
  const one = { 'manifest.json': manifest({ url: 'p.ndjson' }), 'p.ndjson': lines(patient('1')) }
  const folder = newFolder()
  for (const source of ['a', 'b']) write(join(folder, source), one)
  await expect(load(await newStore(), folder, { source: 'x' })).rejects.toMatchObject({
    kind: 'usage',
    diagnostics: [{ code: 'ingest/source-ambiguous' }],
  })
})

test('plain, gzip told by its bytes, a file with a manifest’s declaration, a manifest and a folder all load the same', async () => {
  const text = lines(patient('1'), patient('2'))
  const folder = write(newFolder(), {
    'Patient.ndjson.gz': text,
    'manifest.json': manifest({ type: 'Patient', url: 'Patient.ndjson.gz', count: 2 }),
  })
  const disguised = write(newFolder(), { 'Patient.ndjson': readFileSync(join(folder, 'Patient.ndjson.gz')) })
  const plain = write(newFolder(), { 'Patient.ndjson': text })
  for (const path of [folder, join(folder, 'manifest.json'), join(folder, 'Patient.ndjson.gz'), disguised, plain]) {
    const store = await newStore()
    expect(await load(store, path, { source: 'ehr' })).toMatchObject({ exitCode: 0, total: { inserted: 2 } })
    expect(await contents(store)).toEqual(
      text
        .trim()
        .split('\n')
        .map((line, index) => `ehr Patient/${index + 1} ${line}`),
    )
  }
})
