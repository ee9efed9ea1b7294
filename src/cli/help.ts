import { type Command, type Option, sharedOptions } from './command.ts'

export const exitCodeText = `Exit codes: 0 done · 1 done, with faults that are listed · 2 wrong use · 3 input refused · 4 the system failed
(disk, lock, network).`

function optionLine([name, option]: readonly [string, Option]): readonly [string, string] {
  return [`--${name}${option.value === undefined ? '' : ` ${option.value}`}`, option.help]
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n')
}

/** The text of `caregap COMMAND --help`. */
export function commandHelp(command: Command): string {
  const options = [...Object.entries(command.options), ...Object.entries(sharedOptions)].map(optionLine)
  return [
    `caregap ${command.name}: ${command.summary}`,
    `Usage: caregap ${command.name} ${command.usage}`,
    `Options:\n${table(options)}`,
    `Examples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`,
    exitCodeText,
  ].join('\n\n')
}

/** The text of `caregap --help`. */
export function overview(commands: readonly Command[]): string {
  return [
    'caregap: quality measures and care gaps over many EHRs, and cards in the chart, from the same CQL.',
    'Usage: caregap COMMAND [OPTIONS]   (caregap COMMAND --help for each)',
    `Commands:\n${table(commands.map((command) => [command.name, command.summary]))}`,
    exitCodeText,
  ].join('\n\n')
}
