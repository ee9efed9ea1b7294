import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccessRule, Route } from '../access/index.ts'
import type { CdsDesk } from '../jobs/index.ts'
import { readCdsCounts, readCdsUnmet, writeCdsCounts } from '../store/index.ts'

const rule: AccessRule = { kind: 'aggregate', roles: ['admin', 'quality', 'analyst'] }
const mostReasons = 200

/** What became of cards, per service, site and role: JSON, and the same rows as Parquet. Counts only, no person. */
export function cdsReportRoutes({ application: { store }, memory }: CdsDesk): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/api/cds/counts',
      rule,
      handle: async (context) => {
        await memory.flush()
        const cards = await readCdsCounts(store.session)
        const notEvaluated = await readCdsUnmet(store.session, mostReasons)
        return context.json({ cards, notEvaluated })
      },
    },
    {
      method: 'GET',
      path: '/api/cds/counts.parquet',
      rule,
      handle: async (context) => {
        await memory.flush()
        const folder = await mkdtemp(join(tmpdir(), 'caregap-cds-'))
        try {
          const file = join(folder, 'counts.parquet')
          await writeCdsCounts(store.session, file)
          context.header('Content-Type', 'application/vnd.apache.parquet')
          context.header('Content-Disposition', 'attachment; filename="cds-cards.parquet"')
          return context.body(new Uint8Array(await readFile(file)))
        } finally {
          await rm(folder, { recursive: true, force: true })
        }
      },
    },
  ]
}
