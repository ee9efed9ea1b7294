/** A measurement period of whole days: `start` and `end` are YYYY-MM-DD, the end day included. */
export interface MeasurementPeriod {
  readonly start: string
  readonly end: string
  /** IANA zone in which the days are meant. */
  readonly timeZone: string
}
