import type { Day } from '../calendar.ts'
import type { Code } from '../codes/code.ts'
import { type VisitName, visits } from '../codes/visits.ts'
import type { Act, Booking, Diagnosis, Fact, Observed, Order, Prescription, Quantity, Value, Visit } from '../fact.ts'

type Extra<T> = Partial<Omit<T, 'type' | 'day' | 'code'>>

/** The facts of one person, written down as they happen. */
export class Chart {
  readonly facts: Fact[] = []
  died: Day | undefined

  /** A visit at a day; the minute is of local civil time. */
  visit(name: VisitName, day: Day, minute: number, home: number, extra: Extra<Visit> = {}): Visit {
    const kind = visits[name]
    const visit: Visit = { type: 'visit', kind, day, minute, home, length: kind.minutes, status: 'finished', ...extra }
    this.facts.push(visit)
    return visit
  }

  /** A problem of the problem list, found on a day. */
  problem(code: Code, day: Day, at: Place, extra: Extra<Diagnosis> = {}): Diagnosis {
    return this.diagnose(code, day, at, { category: 'problem-list-item', ...extra })
  }

  /** A diagnosis that was the matter of one visit; `since` is when the disease itself began. */
  reason(code: Code, visit: Visit, since: Day = visit.day, extra: Extra<Diagnosis> = {}): Diagnosis {
    visit.reason ??= code
    return this.diagnose(code, since, visit, { category: 'encounter-diagnosis', ...extra })
  }

  observe(code: Code, at: Place, category: Observed['category'], value?: Value, extra: Extra<Observed> = {}): Observed {
    const observed: Observed = { type: 'observed', code, category, status: 'final', value, ...where(at), ...extra }
    this.facts.push(observed)
    return observed
  }

  act(code: Code, at: Place, extra: Extra<Act> = {}): Act {
    const act: Act = { type: 'act', code, status: 'completed', ...where(at), ...extra }
    this.facts.push(act)
    return act
  }

  prescribe(code: Code, at: Place, supplyDays: number, extra: Extra<Prescription> = {}): Prescription {
    const made: Prescription = { type: 'prescription', code, supplyDays, status: 'active', ...where(at), ...extra }
    this.facts.push(made)
    return made
  }

  order(code: Code, at: Place, extra: Extra<Order> = {}): Order {
    const order: Order = { type: 'order', code, device: false, status: 'active', ...where(at), ...extra }
    this.facts.push(order)
    return order
  }

  vaccinate(code: Code, at: Place, refused = false): void {
    this.facts.push({ type: 'vaccination', code, refused, ...where(at) })
  }

  allergy(code: Code, at: Place): void {
    this.facts.push({ type: 'intolerance', code, ...where(at) })
  }

  report(code: Code, group: 'LAB' | 'RAD', results: readonly Observed[], at: Place): void {
    this.facts.push({ type: 'report', code, group, results, ...where(at) })
  }

  book(name: VisitName, status: Booking['status'], at: Place): void {
    this.facts.push({ type: 'booking', kind: visits[name], status, ...where(at) })
  }

  private diagnose(code: Code, day: Day, at: Place, extra: Extra<Diagnosis> & Pick<Diagnosis, 'category'>): Diagnosis {
    const made: Diagnosis = { type: 'diagnosis', code, verification: 'confirmed', ...where(at), ...extra, day }
    this.facts.push(made)
    return made
  }
}

/** Where and when: a visit, or a moment in one of the records without a visit. */
export type Place = Visit | { readonly day: Day; readonly minute: number; readonly home: number }

function where(at: Place): { day: Day; minute: number; home: number; visit: Visit | undefined } {
  return { day: at.day, minute: at.minute, home: at.home, visit: 'type' in at ? at : undefined }
}

export const quantity = (value: number, unit: string): Quantity => ({ kind: 'quantity', value, unit })

export const concept = (code: Code): Value => ({ kind: 'concept', code })
