import { expect, test } from 'vitest'
import { checkDisk, checkMemory, checkNode, readFreeDisk, readMemory, sizeText } from './machine-checks.ts'

test.each([
  ['18.20.4', '2026-03-01', 'error', 'Install Node 24'],
  ['20.18.3', '2026-03-01', 'error', 'Install Node 24'],
  ['20.19.0', '2026-03-01', 'information', 'Install Node 24'],
  ['20.20.2', '2026-05-01', 'warning', 'Install Node 24'],
  ['20.20.2', '2026-11-01', 'warning', 'Install Node 26'],
  ['23.5.0', '2026-03-01', 'warning', 'Install Node 24'],
  ['22.22.0', '2026-03-01', 'information', 'Install Node 24'],
  ['24.0.0', '2026-03-01', 'information', undefined],
  ['24.0.0', '2026-11-01', 'information', 'Install Node 26'],
  ['27.0.0', '2027-05-01', 'information', undefined],
])('Node %s on %s is a case for: %s, %s', (version, day, severity, remedy) => {
  const diagnostic = checkNode(version, new Date(`${day}T12:00:00Z`))
  expect(diagnostic.severity).toBe(severity)
  expect(diagnostic.remedy?.slice(0, 15)).toBe(remedy)
})

const GiB = 1024 ** 3

test.each([
  [0.5, 0.4, 'base/too-little-memory'],
  [2, 2, 'base/little-memory'],
  [8, 0.5, 'base/memory-in-use'],
  [8, 4, 'base/memory-fine'],
])('%d GiB of memory with %d free: %s', (total, free, code) => {
  expect(checkMemory({ totalBytes: total * GiB, freeBytes: free * GiB }).code).toBe(code)
})

test.each([
  [0.1, 'base/disk-full'],
  [1, 'base/little-disk'],
  [50, 'base/disk-fine'],
])('%d GiB of disk: %s, with the folder named', (free, code) => {
  expect(checkDisk('/data', free * GiB)).toMatchObject({ code, place: { file: '/data' } })
})

test('whatever is not fine says what to do', () => {
  const all = [
    checkMemory({ totalBytes: 1, freeBytes: 1 }),
    checkMemory({ totalBytes: 2 * GiB, freeBytes: 1 }),
    checkDisk('/', 1),
  ]
  expect(all.every((one) => one.remedy !== undefined && one.severity !== 'information')).toBe(true)
})

test('this machine has memory and disk', () => {
  const memory = readMemory()
  expect(memory.totalBytes).toBeGreaterThan(memory.freeBytes - 1)
  expect(memory.freeBytes).toBeGreaterThan(0)
  expect(readFreeDisk('.')).toBeGreaterThan(0)
})

test('sizes read well', () => {
  expect([0, 512 * 1024 ** 2, 3.5 * GiB].map(sizeText)).toEqual(['0 MiB', '512 MiB', '3.5 GiB'])
})
