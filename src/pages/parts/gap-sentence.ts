const statusWord = /^(?:Open|Closed|Excluded|Not applicable|Cannot be evaluated): /

/**
 * A gap's sentence beside its chip and its next action: without the status that the chip says and without
 * the action that stands on its own line. A sentence of another shape is left as it is.
 */
export function sentenceBesideChip(sentence: string, nextAction: string | null): string {
  const bare = sentence.replace(statusWord, '')
  const cut = nextAction === null ? bare : bare.replace(/ Next: [^]*$/, '')
  return cut === '' ? sentence : cut.charAt(0).toUpperCase() + cut.slice(1)
}
