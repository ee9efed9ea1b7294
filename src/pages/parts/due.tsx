import { Day } from './day.tsx'

/** Beyond so many years a day says less than that it is long ago. */
const longYears = 10

/** Since when or until when something is due, as of a day: in days for what is near, in years for what was never done. */
export const Due = ({ date, asOf }: { readonly date: string; readonly asOf: string }) => {
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
