// How fast the generator writes, and in how much memory: node bench/generate.mjs [patients]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkNode, ensureBuilt, ensureInstalled } from '../bin/setup.mjs'

checkNode()
ensureInstalled()
ensureBuilt()
const { generateExport } = await import('../dist/synth/index.js')

const patients = Number(process.argv[2] ?? 10_000)
const out = mkdtempSync(join(tmpdir(), 'caregap-generate-'))
const begin = performance.now()
const generated = await generateExport({ patients, seed: 7, out })
const seconds = (performance.now() - begin) / 1000
rmSync(out, { recursive: true })

const perSecond = Math.round(generated.resources / seconds)
const perPerson = (generated.resources / generated.persons).toFixed(1)
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(
  `${generated.resources} resources of ${generated.persons} persons (${perPerson} each) in ${seconds.toFixed(1)} s: ` +
    `${perSecond} resources/s, peak ${peakMiB} MiB`,
)
