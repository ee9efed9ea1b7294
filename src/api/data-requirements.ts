import type { Context } from 'hono'
import { z } from 'zod'
import { type Diagnostic, failure, type Result } from '../base/index.ts'
import type { InstalledMeasure } from '../content/index.ts'
import type { Resource } from '../fhir/index.ts'
import type { Application } from '../jobs/index.ts'
import { libraryNeeds, measureNeeds } from '../measure/index.ts'
import { dataRequirements } from '../report/index.ts'
import { endBeforeStart, endsAfterStart, periodParameters } from './evaluate-measure.ts'
import { answerIssues, answerOutcome, answerResource } from './fhir-answer.ts'
import { findMeasure } from './measure-named.ts'
import { once, readOperation, text } from './operation-input.ts'

const ofMeasure = z
  .strictObject({ ...periodParameters, measure: once(text).optional(), _format: once(text).optional() })
  .refine(endsAfterStart, endBeforeStart)

/** `Measure/$data-requirements`: what a measure's logic reads, as a module definition. */
export async function measureRequirements(context: Context, application: Application): Promise<Response> {
  const input = await readOperation(context, ofMeasure)
  if (!input.ok) return answerIssues(context, input.status, input.issues)
  const { measure: name } = input.value
  const found = findMeasure(application.measures, { id: context.req.param('id'), measure: name })
  if (!found.ok) return answerIssues(context, found.status, [found.issue])
  const { measure } = found
  const needs = measureNeeds(measure)
  if (!needs.ok) return notCompiled(context, needs.diagnostics)
  const { closure, valueSets, title } = measure
  const canonical = `${measure.url}|${measure.version}`
  const date = application.clock.now().toISOString()
  return answerResource(context, dataRequirements({ canonical, title, closure, valueSets, date }, needs.value))
}

const ofLibrary = z.strictObject({ target: once(text).optional(), _format: once(text).optional() })

/** `Library/$data-requirements`: what the defines of a library read that an installed measure has or includes. */
export async function libraryRequirements(context: Context, application: Application): Promise<Response> {
  const input = await readOperation(context, ofLibrary, {
    manifest: 'is not done here: libraries are read with what they were installed with',
    expression: 'is not done here: all defines of the library count',
    parameters: 'is not done here: libraries are read with their own parameters',
  })
  if (!input.ok) return answerIssues(context, input.status, input.issues)
  const name = context.req.param('id') ?? input.value.target
  const made = name === undefined ? undefined : requirementsOfLibrary(application, name)
  if (made === undefined) {
    return answerOutcome(context, 404, 'not-found', [
      {
        code: 'api/no-library',
        message: 'No installed measure has such a library.',
        remedy: 'Name it as Library/<name>, or target=<canonical>.',
        ...(name === undefined || context.req.param('id') !== undefined ? {} : { place: { element: 'target' } }),
      },
    ])
  }
  return made.ok ? answerResource(context, made.value) : notCompiled(context, made.diagnostics)
}

function requirementsOfLibrary({ measures, clock }: Application, name: string): Result<Resource> | undefined {
  const [path = '', version] = name.split('|')
  const wanted = path.split('/').at(-1) ?? path
  const holds = ({ closure }: InstalledMeasure) => closure.libraries.find(isWanted)
  const isWanted = ({ identifier }: { readonly identifier: { readonly id: string; readonly version?: string } }) =>
    identifier.id === wanted && (version === undefined || identifier.version === version)
  const measure = measures.find((one) => holds(one) !== undefined)
  const library = measure === undefined ? undefined : holds(measure)
  if (measure === undefined || library === undefined) return undefined
  const needs = libraryNeeds({ ...measure.closure, main: library })
  if (!needs.ok) return failure(...needs.diagnostics)
  const { id, version: own } = library.identifier
  const canonical = own === undefined ? `Library/${id}` : `Library/${id}|${own}`
  const valueSets = needs.value.needs.flatMap(({ codes }) => codes?.valueSet ?? [])
  const closure = { ...measure.closure, main: library, libraries: [library] }
  const date = clock.now().toISOString()
  const value = dataRequirements(
    { canonical, title: id, closure, valueSets: [...new Set(valueSets)].sort(), date },
    needs.value,
  )
  return { ok: true, value, diagnostics: [] }
}

const notCompiled = (context: Context, diagnostics: readonly Diagnostic[]) =>
  answerOutcome(context, 422, 'processing', diagnostics)
