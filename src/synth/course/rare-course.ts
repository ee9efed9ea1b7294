import type { Life } from './life.ts'

/** What a rare course does to a life, whoever assigns it. */
export interface RareCourse {
  /** Set where the course must not be screened for depression by chance as well. */
  readonly unscreened?: boolean
  /** `variant` counts the people of this course, so that rare forms alternate. */
  readonly happen: (life: Life, variant: number) => void
}
