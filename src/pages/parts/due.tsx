import { Day } from './day.tsx'

/** Beyond so many years a day says less than that it is long ago. */
const longYears = 10

interface DueProps {
  readonly date: string
  readonly asOf: string
  /** It is done, and the day is that of the next time. */
  readonly isDone?: boolean
}

/** Since when or until when something is due, as of a day: in days for what is near, in years for what was never done. */
export const Due = ({ date, asOf, isDone = false }: DueProps) => {
  if (isDone)
    return (
      <>
        next due <Day date={date} />
      </>
    )
  if (date > asOf)
    return (
      <>
        due <Day date={date} />
      </>
    )
  const years = Number(asOf.slice(0, 4)) - Number(date.slice(0, 4))
  if (years > longYears) return <>overdue for more than {longYears} years</>
  return (
    <>
      overdue since <Day date={years > 1 ? date.slice(0, 7) : date} />
    </>
  )
}
