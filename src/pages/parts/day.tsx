import { formatDay } from './format.ts'

/** A FHIR date of any precision, said in words and never broken over two lines. */
export const Day = ({ date }: { readonly date: string }) => <time datetime={date}>{formatDay(date)}</time>
