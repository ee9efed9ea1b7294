// A process that pulls a source, to be killed: node pull-child.mjs DIST DB CONFIG
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [dist = '', db = '', config = ''] = process.argv.slice(2)
const room = (name) => import(pathToFileURL(join(dist, name, 'index.js')).href)
const { loadConfig, silentProgress } = await room('base')
const { openStore } = await room('store')
const { pullSource } = await room('jobs')
const store = await openStore({ path: db, threads: 1 })
process.stdout.write('open\n')
const result = await pullSource(store, {
  source: 'lakeside',
  config: loadConfig(config),
  progress: silentProgress,
  onNote: () => undefined,
})
store.close()
process.stdout.write(`done ${result.exitCode}\n`)
