// Writes datasets/demo anew from the seed and sizes in its truth/summary.json: node datasets/regenerate.mjs
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkNode, ensureBuilt, ensureInstalled } from '../bin/setup.mjs'

checkNode()
ensureInstalled()
ensureBuilt()
const { generateExport } = await import('../dist/synth/index.js')

const out = fileURLToPath(new URL('./demo', import.meta.url))
const { persons, seed, registryShare } = JSON.parse(readFileSync(join(out, 'truth', 'summary.json'), 'utf8'))
for (const entry of readdirSync(out, { withFileTypes: true }))
  if (entry.isDirectory()) rmSync(join(out, entry.name), { recursive: true })
const generated = await generateExport({ patients: persons, seed, registryShare, compressed: true, out })
console.log(`${out}: ${generated.resources} resources of ${generated.persons} persons`)
