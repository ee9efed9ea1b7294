import type { Session } from '../duck/index.ts'

/** One provider at one practice for a time; a missing date leaves that end open. Dates are \`YYYY-MM-DD\`, both included. */
export interface RosterRow {
  readonly npi: string
  /** Nine digits. */
  readonly tin: string
  readonly practice: string
  readonly provider: string | null
  readonly from: string | null
  readonly to: string | null
}

/** Puts a roster in place of the one that stands, as a whole. */
export async function replaceRoster(session: Session, rows: readonly RosterRow[]): Promise<void> {
  const shape =
    '[{"npi":"VARCHAR","tin":"VARCHAR","practice":"VARCHAR","provider":"VARCHAR","from":"DATE","to":"DATE"}]'
  await session.transaction(async () => {
    await session.run('DELETE FROM roster')
    await session.run(
      `INSERT INTO roster (npi, tin, practice, provider_name, from_date, to_date)
       SELECT unnest(from_json($rows::JSON, '${shape}'), max_depth := 2)`,
      { rows: JSON.stringify(rows) },
    )
  })
}
