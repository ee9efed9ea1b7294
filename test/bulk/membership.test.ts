import { expect, test } from 'vitest'
import { readMembers } from '../../src/store/index.ts'
import type { Met, ServedFile, ServerSetup } from './bulk-server.ts'
import { configFor, currentIds, jumpingPace, lines, newStore, observation, patient, pull, serve } from './pulled.ts'
import { answers } from './wire-faults.ts'

// What a whole export says by what it does not hold, and who comes into a group and leaves it.

const codesOf = ({ findings }: { readonly findings: readonly { readonly code: string }[] }) =>
  findings.map(({ code }) => code)

const filesOf = (ids: readonly string[], facts: readonly (readonly [id: string, of: string])[]): ServedFile[] => [
  { type: 'Patient', text: lines(...ids.map((id) => patient(id))) },
  { type: 'Observation', text: lines(...facts.map(([id, of]) => observation(id, of))) },
]
const before = filesOf(
  ['a', 'b'],
  [
    ['1', 'a'],
    ['2', 'b'],
    ['3', 'b'],
  ],
)

test('what a whole export does not hold any more is told, and deleted where that is wanted', async () => {
  const server = await serve({ files: before })
  const store = await newStore()
  await pull(store, configFor(server))
  server.become({ files: filesOf(['a'], [['1', 'a']]) })
  const kept = await pull(store, configFor(server), { full: true })
  expect(codesOf(kept)).toEqual(['bulk/unseen-kept'])
  expect(kept.findings[0]?.message).toBe('3 resources of earlier exports are not in this whole one: they are kept.')
  expect(await currentIds(store)).toHaveLength(5)
  // The same files once more: they are looked at all the same.
  const removed = await pull(store, configFor(server, { unseen: 'remove' }), { full: true })
  expect(codesOf(removed)).toEqual(['bulk/unseen-removed'])
  expect(await currentIds(store)).toEqual(['Observation/1', 'Patient/a'])
  const held = await store.session.all<{ key: string }>(
    `SELECT type || '/' || id AS key FROM person_line WHERE spid IS NOT NULL ORDER BY key`,
  )
  expect(held.map(({ key }) => key)).toEqual(['Observation/1', 'Patient/a'])
  server.become({ files: before })
  await pull(store, configFor(server))
  expect(await currentIds(store)).toHaveLength(5)
})

test('nothing follows from what was not asked for, not exported, cut, or is in quarantine', async () => {
  const server = await serve({ files: before })
  const remove = { unseen: 'remove' }
  const store = await newStore()
  const keepsAll = async (
    more: Record<string, unknown>,
    files: readonly ServedFile[],
    setup: Partial<ServerSetup> = {},
  ) => {
    server.become({ files, ...setup })
    const ended = await pull(store, configFor(server, { ...remove, ...more }), { full: more['incremental'] !== true })
    expect(await currentIds(store)).toHaveLength(5)
    return codesOf(ended)
  }
  await pull(store, configFor(server))
  const few = filesOf(['a'], [['1', 'a']])
  // Changes alone; one type's filter; another scope; a type that did not come at all; a partial export.
  expect(await keepsAll({ incremental: true }, few)).toEqual([])
  expect(await keepsAll({ typeFilters: ['Patient?x=1', 'Observation?x=1'] }, few)).toEqual([])
  expect(await keepsAll({ types: ['Patient', 'Observation'] }, few)).toEqual([])
  expect(await keepsAll({}, before.slice(0, 1))).toEqual(['bulk/unseen-types'])
  expect(await keepsAll({}, few, { transactionTime: 'never' })).toEqual(['bulk/no-transaction-time'])
  const broken = { type: 'Observation', text: `${lines(observation('1', 'a'))}{"resourceType":"Observation","id":}\n` }
  expect(await keepsAll({}, [...before.slice(0, 1), broken])).toEqual(['bulk/unseen-kept'])
})

test('a source may be asked for everything every so many days', async () => {
  const server = await serve({ files: before })
  const store = await newStore()
  const config = configFor(server, { fullEveryDays: 7 })
  const pace = jumpingPace()
  await pull(store, config, { pace })
  await pull(store, config, { pace })
  await pace.sleep(8 * 86_400_000)
  await pull(store, config, { pace })
  expect(server.of('kick-off').map(({ query }) => query.has('_since'))).toEqual([false, true, false])
})

/** A group whose members and facts the test decides: answers the list, the new ones, the changes, or everything. */
function groupServer(state: { members: readonly string[]; facts: readonly (readonly [string, string])[] }) {
  const asked: string[] = []
  const filesFor = ({ method, query, body }: Met): ServedFile[] => {
    const named = method === 'POST' ? [...body.matchAll(/"Patient\/(\w+)"/g)].map(([, id = '']) => id) : []
    const types = `${query.get('_type') ?? ''}${body.includes('"Patient"') ? 'Patient' : ''}`
    const since = query.has('_since') || body.includes('_since')
    asked.push(types === 'Patient' ? 'list' : named.length > 0 ? `of ${named.join()}` : since ? 'changes' : 'all')
    if (types === 'Patient') return [{ type: 'Patient', text: lines(...state.members.map((id) => patient(id))) }]
    if (since) return []
    const wanted = named.length > 0 ? named : state.members
    return filesOf(
      wanted,
      state.facts.filter(([, of]) => wanted.includes(of)),
    )
  }
  return { asked, filesFor }
}

const group = { level: 'group', group: 'g', members: 'compare' }

test.each(['POST', 'GET'])('a new member’s older data come first, who left is marked and kept (%s)', async (method) => {
  const facts = [
    ['1', 'a'],
    ['2', 'b'],
    ['3', 'c'],
  ] as const
  const state = { members: ['a', 'b'], facts }
  const { asked, filesFor } = groupServer(state)
  const server = await serve({ files: [] })
  const onRequest = (met: Met) => {
    if (met.step === 'kick-off') server.become({ files: filesFor(met), onRequest })
  }
  server.become({ files: [], onRequest })
  const store = await newStore()
  const config = configFor(server, { ...group, method })
  await pull(store, config)
  expect(asked.splice(0)).toEqual(['all'])
  expect((await pull(store, config)).exitCode).toBe(0)
  expect(asked.splice(0)).toEqual(['list', 'changes'])

  state.members = ['a', 'c']
  await pull(store, config)
  expect(asked.splice(0)).toEqual(method === 'POST' ? ['list', 'of c', 'changes'] : ['list', 'all'])
  expect(await currentIds(store)).toEqual(
    [1, 2, 3].map((id) => `Observation/${id}`).concat(['a', 'b', 'c'].map((id) => `Patient/${id}`)),
  )
  expect(await readMembers(store.session, { source: 'lakeside', group: 'g' })).toEqual(['a', 'c'])
  const left = await store.session.all<{ message: string }>(`FROM pull_finding WHERE code = 'bulk/members-left'`)
  expect(left.map(({ message }) => message)).toEqual([expect.stringMatching(/^1 patients are no longer in the group/)])
  expect(server.jobs()).toEqual([])

  // Who comes again was not asked for meanwhile.
  state.members = ['a', 'b', 'c']
  await pull(store, config)
  expect(asked.splice(0)).toEqual(method === 'POST' ? ['list', 'of b', 'changes'] : ['list', 'all'])
})

test('stopped in the export of new members: the next call goes on with it, then asks for the changes', async () => {
  const state = {
    members: ['a'],
    facts: [
      ['1', 'a'],
      ['2', 'b'],
    ] as const,
  }
  const { asked, filesFor } = groupServer(state)
  const server = await serve({ files: [] })
  let breaks = false
  const onRequest = (met: Met) => {
    if (met.step !== 'kick-off') return
    const files = filesFor(met)
    const faults = breaks && asked.at(-1) === 'of b' ? [answers('file', 400, { times: 1 })] : []
    server.become({ files, faults, onRequest })
  }
  server.become({ files: [], onRequest })
  const store = await newStore()
  const config = configFor(server, { ...group, method: 'POST' })
  await pull(store, config)
  state.members = ['a', 'b']
  breaks = true
  await expect(pull(store, config)).rejects.toThrow(/answered 400/)
  breaks = false
  expect((await pull(store, config)).exitCode).toBe(0)
  expect(asked).toEqual(['all', 'list', 'of b', 'changes'])
  expect(await currentIds(store)).toEqual(['Observation/1', 'Observation/2', 'Patient/a', 'Patient/b'])
})
