/** Ages (both ends included) and the share of them that has the thing. */
interface AgeBand {
  readonly ages: readonly [number, number]
  readonly share: number
}

/** Shares of the population by age that the generator is calibrated to; docs/synthetic-data.md names the sources. */
export const publishedPrevalence = {
  diabetes: [
    { ages: [18, 44], share: 0.03 },
    { ages: [45, 64], share: 0.145 },
    { ages: [65, 94], share: 0.244 },
  ],
  hypertension: [
    { ages: [18, 44], share: 0.145 },
    { ages: [45, 64], share: 0.403 },
    { ages: [65, 94], share: 0.606 },
  ],
} as const satisfies Record<string, readonly AgeBand[]>

/** Shares of a measure's denominator that meet it, in the main period. */
export const publishedRates = {
  poorGlycemicControl: 0.3042,
  bloodPressureControlled: 0.634,
  mammography: 0.5028,
  colorectalScreening: 0.4282,
  depressionScreening: 0.7002,
} as const
