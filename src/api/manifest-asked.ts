import type { Context } from 'hono'
import type { Diagnostic } from '../base/index.ts'
import { checkManifest, type InstalledMeasure } from '../content/index.ts'
import type { Application } from '../jobs/index.ts'
import type { Issue } from '../report/index.ts'
import { answerIssues } from './fhir-answer.ts'

const answers = {
  'content/no-manifest': [404, 'not-found'],
  'content/several-manifests': [400, 'multiple-matches'],
  'content/manifest-differs': [409, 'conflict'],
  'content/manifest-unknown': [409, 'not-supported'],
} as const satisfies Readonly<Record<string, readonly [number, Issue['code']]>>

/** The refusal of a request whose measures are not evaluated as its manifest asks; undefined where they are. */
export async function manifestRefusal(
  context: Context,
  { store, valueSets }: Application,
  manifest: string | undefined,
  measures: readonly InstalledMeasure[],
): Promise<Response | undefined> {
  if (manifest === undefined) return undefined
  const checked = await checkManifest(store.session, manifest, measures, valueSets)
  if (checked.ok) return undefined
  const status = Math.max(...checked.diagnostics.map((one) => answerTo(one)[0])) as 400 | 404 | 409
  const issues = checked.diagnostics.map((one): Issue => {
    const diagnostic = { ...one, message: `manifest: ${one.message}` }
    return { code: answerTo(one)[1], diagnostic, expression: ['manifest'] }
  })
  return answerIssues(context, status, issues)
}

const answerTo = ({ code }: Diagnostic) =>
  Object.entries(answers).find(([known]) => known === code)?.[1] ?? ([409, 'processing'] as const)
