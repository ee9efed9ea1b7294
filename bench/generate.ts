import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateExport } from '../src/synth/index.ts'

// How fast the generator writes, and in how much memory: node bench/generate.ts [patients]
const patients = Number(process.argv[2] ?? 5000)
const out = mkdtempSync(join(tmpdir(), 'caregap-generate-'))
const begin = performance.now()
const generated = await generateExport({ patients, seed: 7, out })
const seconds = (performance.now() - begin) / 1000
rmSync(out, { recursive: true })
const perSecond = Math.round(generated.resources / seconds)
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024)
console.log(
  `${generated.resources} resources of ${generated.persons} persons in ${seconds.toFixed(1)} s: ` +
    `${perSecond} resources/s, ${(generated.resources / generated.persons).toFixed(1)} a person, peak ${peakMiB} MiB`,
)
