/** What a field of a hook's context holds. */
export type FieldKind =
  | 'user'
  | 'practitioner'
  | 'patient'
  | 'encounter'
  | 'bundle'
  | 'selections'
  | 'resource'
  | 'reference'
  | 'references'

export interface ContextField {
  readonly name: string
  readonly kind: FieldKind
  readonly required: boolean
}

export interface HookDefinition {
  readonly name: string
  /** As the CDS Hooks library publishes it. */
  readonly version: string
  readonly context: readonly ContextField[]
}

const field = (name: string, kind: FieldKind, required: boolean = true): ContextField => ({ name, kind, required })
const patient = field('patientId', 'patient')
const encounter = field('encounterId', 'encounter', false)

/**
 * The hooks of the CDS Hooks library that services may be registered for: all of maturity 1 and more, and
 * order-dispatch, whose 1.1 (`dispatchedOrders`) and 1.0 (`order`) are both in use. Deprecated ones are left out.
 */
export const hooks: readonly HookDefinition[] = [
  { name: 'patient-view', version: '1.0', context: [field('userId', 'user'), patient, encounter] },
  {
    name: 'order-sign',
    version: '1.0',
    context: [field('userId', 'practitioner'), patient, encounter, field('draftOrders', 'bundle')],
  },
  {
    name: 'order-select',
    version: '1.0',
    context: [
      field('userId', 'practitioner'),
      patient,
      encounter,
      field('draftOrders', 'bundle'),
      field('selections', 'selections'),
    ],
  },
  {
    name: 'order-dispatch',
    version: '1.1',
    context: [
      patient,
      field('dispatchedOrders', 'references', false),
      field('order', 'reference', false),
      field('performer', 'reference'),
    ],
  },
  {
    name: 'appointment-book',
    version: '1.0',
    context: [field('userId', 'user'), patient, encounter, field('appointments', 'bundle')],
  },
  {
    name: 'encounter-start',
    version: '1.0',
    context: [field('userId', 'practitioner'), patient, field('encounterId', 'encounter')],
  },
  {
    name: 'encounter-discharge',
    version: '1.0',
    context: [field('userId', 'practitioner'), patient, field('encounterId', 'encounter')],
  },
  {
    name: 'medication-refill',
    version: '0.1.0',
    context: [field('userId', 'user', false), patient, encounter, field('medications', 'bundle')],
  },
  {
    name: 'allergyintolerance-create',
    version: '0.1.0',
    context: [field('userId', 'practitioner'), patient, encounter, field('allergyIntolerance', 'resource')],
  },
  {
    name: 'problem-list-item-create',
    version: '0.1.0',
    context: [field('userId', 'practitioner'), patient, encounter, field('conditions', 'bundle')],
  },
  {
    name: 'medication-verify',
    version: '0.1.0',
    context: [field('userId', 'practitioner'), patient, encounter, field('medication', 'resource')],
  },
]

/** The hook of a name, or undefined where no service may be registered for it. */
export const hookNamed = (name: string): HookDefinition | undefined => hooks.find((hook) => hook.name === name)
