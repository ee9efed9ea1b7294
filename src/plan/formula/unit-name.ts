/** Names of the fields of dates and times, as the SQL room's templates take them; by core's precision. */
export const unitNames = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'] as const
