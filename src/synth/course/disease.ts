/** Points of age and share between which the share of people with the disease rises in a straight line. */
type Curve = readonly (readonly [number, number])[]

/** Ever diagnosed by age, bent so that the means of the age bands meet `published-rates.ts`. */
export const diabetesByAge: Curve = [
  [10, 0.002],
  [30, 0.012],
  [44, 0.066],
  [55, 0.162],
  [65, 0.222],
  [75, 0.25],
  [95, 0.26],
]

export const hypertensionByAge: Curve = [
  [16, 0.01],
  [25, 0.075],
  [44, 0.258],
  [55, 0.41],
  [65, 0.55],
  [80, 0.62],
  [95, 0.65],
]

/** The share at an age. */
export function shareAt(curve: Curve, age: number): number {
  const first = curve[0]
  if (first === undefined || age < first[0]) return 0
  let before = first
  for (const point of curve) {
    if (age < point[0]) return before[1] + ((point[1] - before[1]) * (age - before[0])) / (point[0] - before[0])
    before = point
  }
  return before[1]
}

/** The age, in whole years, at which a liability's disease shows; undefined if it never does. */
export function ageOfOnset(curve: Curve, liability: number): number | undefined {
  const last = curve[curve.length - 1]
  if (last === undefined || liability >= last[1]) return undefined
  for (let age = Math.floor(curve[0]?.[0] ?? 0); age <= last[0]; age++) if (shareAt(curve, age) > liability) return age
  return undefined
}
