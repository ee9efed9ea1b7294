// Takes out the code of each requirement row of CDS Hooks, one at a time, and runs the tests that name the row in the file
// that must then fail:
//   node test/cards/conformance/mutate.mjs [row...]
// Prints, and puts the lines into docs/cds-mutations.md. Nothing on disk is changed meanwhile: sources are
// replaced as they are loaded.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createVitest } from 'vitest/node'

const root = resolve(import.meta.dirname, '../../..')
const wanted = process.argv.slice(2)
const all = JSON.parse(readFileSync(join(import.meta.dirname, 'mutants.json'), 'utf8'))
const mutants = all.filter(({ row }) => wanted.length === 0 || wanted.includes(row))

let current
const mutation = {
  name: 'mutation',
  enforce: 'pre',
  transform(code, id) {
    if (current === undefined || id !== join(root, current.file)) return undefined
    current.isLoaded = code.includes(current.take)
    // A function, for `$` means something in a text that replaces.
    return code.replaceAll(current.take, () => current.put)
  },
}

const silent = { reporters: [{}], watch: false, root, maxWorkers: 1, passWithNoTests: true, testTimeout: 20_000 }
const vitest = await createVitest('test', silent, { plugins: [mutation] })
await vitest.standalone()

/** Runs the tests of a file that name the row; the titles of those that failed, and how many there were. */
async function run({ row, file, test }) {
  vitest.invalidateFile(join(root, file))
  vitest.setGlobalTestNamePattern(new RegExp(`(^|[ :])${row}[ :]`))
  const { testModules } = await vitest.runTestSpecifications(await vitest.globTestSpecifications([join(root, test)]))
  // Modules of earlier runs are told again.
  const own = testModules.filter(({ moduleId }) => moduleId === join(root, test))
  const cases = own.flatMap((module) => [...module.children.allTests()])
  const ran = cases.filter((one) => one.result().state !== 'skipped')
  const broken = own.flatMap((module) => module.errors())
  const failed = ran.filter((one) => one.result().state === 'failed').map(({ name }) => name)
  return { ran: ran.length, failed, broken }
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')
const code = (text) => `\`${cell(text).replaceAll('`', "'").slice(0, 70)}\``

const report = join(root, 'docs', 'cds-mutations.md')
const startOf = ({ row, file, take }) => `| ${row} | \`${file}\` | ${code(take)} | `
const lines = []
let faults = 0
for (const mutant of mutants) {
  const healthy = await run(mutant)
  current = mutant
  const mutated = await run(mutant)
  const { isLoaded = false } = current
  current = undefined
  vitest.invalidateFile(join(root, mutant.file))
  // A file that does not load says nothing of what its code does.
  const broken = [...healthy.broken, ...mutated.broken]
  const sound = healthy.ran > 0 && healthy.failed.length === 0 && broken.length === 0 && isLoaded
  const killed = mutated.failed.length > 0
  const outcome = !sound
    ? `NOT SOUND: ${healthy.ran} ran, ${healthy.failed.length} failed without it, ${isLoaded ? '' : 'not '}loaded${broken.length > 0 ? ', the file could not be loaded' : ''}`
    : killed
      ? `failed: ${cell(mutated.failed[0]).slice(0, 90)}${mutated.failed.length > 1 ? ` and ${mutated.failed.length - 1} more` : ''}`
      : 'SURVIVED'
  if (!sound || !killed) faults += 1
  lines.push(`${startOf(mutant)}${outcome} |`)
  console.log(lines.at(-1))
}
await vitest.close()
console.log(`${mutants.length} mutants, ${mutants.length - faults} killed`)

/** The lines of the last report, with those of this run in their places. */
function merged() {
  const before = existsSync(report) ? readFileSync(report, 'utf8').split('\n') : []
  return all.map((mutant) => {
    const index = mutants.indexOf(mutant)
    return index < 0
      ? (before.find((line) => line.startsWith(startOf(mutant))) ?? `${startOf(mutant)}NOT RUN |`)
      : lines[index]
  })
}

const rows = merged()
const killed = rows.filter((line) => line.includes('| failed: ')).length
const head = `# CDS Hooks: what fails when a row's code is taken out

Made by \`node test/cards/conformance/mutate.mjs\`: for each row of [cds-conformance.md](cds-conformance.md) code is taken out (or made
wrong), and the tests that name the row are run; at least one must fail. ${all.length} mutants of ${new Set(all.map(({ row }) => row)).size} rows, ${killed} killed.

| # | file | taken out or changed | then |
|---|---|---|---|
`
writeFileSync(report, `${head}${rows.join('\n')}\n`)
process.exitCode = faults > 0 ? 1 : 0
