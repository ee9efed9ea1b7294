import { resolve } from 'node:path'
import { generateExport } from '../../synth/index.ts'
import type { Command } from '../command.ts'
import { wrongUse } from '../parse.ts'

/** `caregap generate`: a synthetic Bulk Data export of any size. */
export const generate: Command = {
  name: 'generate',
  summary: 'write a synthetic Bulk Data export of three EHRs, of any size',
  usage: '--patients N --seed S --out DIR [--gzip]',
  options: {
    patients: { type: 'string', value: 'N', help: 'people to make (default 1000); some have records in several EHRs' },
    seed: { type: 'string', value: 'S', help: 'the same seed gives the same bytes (default 1)' },
    out: { type: 'string', value: 'DIR', help: 'where to write DIR/<source>/manifest.json + NDJSON, and DIR/truth/' },
    gzip: { type: 'boolean', help: 'compress the NDJSON files' },
    'registry-share': {
      type: 'string',
      value: 'P',
      help: 'percent of people with a rare course, 0 to 100 (default 0)',
    },
  },
  examples: ['caregap generate --patients 20000 --seed 7 --out /tmp/export'],
  async run(invocation) {
    const out = invocation.text('out')
    if (out === undefined) throw wrongUse(this, '--out DIR is missing')
    const generated = await generateExport({
      patients: invocation.count('patients', 1000),
      seed: invocation.count('seed', 1, 0),
      out: resolve(out),
      compressed: invocation.flag('gzip'),
      registryShare: invocation.count('registry-share', 0, 0) / 100,
      progress: invocation.progress,
    })
    const { persons, patients, resources } = generated
    invocation.print(`${persons} people, ${patients} source patients, ${resources} resources in ${out}`, generated)
    return 0
  },
}
