// A process that loads an export, to be killed: node load-child.mjs DIST PATH DB BLOCK_BYTES
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [dist = '', path = '', db = '', blockBytes = ''] = process.argv.slice(2)
const room = (name) => import(pathToFileURL(join(dist, name, 'index.js')).href)
const { defaultConfig } = await room('base')
const { openStore } = await room('store')
const { ingest } = await room('ingest')
const store = await openStore({ path: db })
process.stdout.write('open\n')
await ingest(store, { path, config: defaultConfig, blockBytes: Number(blockBytes) })
store.close()
process.stdout.write('done\n')
