import type { ConformanceReport, ConformanceResult } from './run-conformance.ts'

const share = (passed: number, total: number): string =>
  total === 0 ? '-' : `${passed}/${total} (${((100 * passed) / total).toFixed(1)}%)`

function count(results: readonly ConformanceResult[], chosen: (result: ConformanceResult) => boolean): string {
  const of = results.filter(chosen)
  return share(of.filter((result) => result.passed).length, of.length)
}

/** A Markdown table of engines by suite, with a line for the tests of operators in use and one for all. */
export function conformanceTable(reports: readonly ConformanceReport[]): string {
  const suites = [...new Set(reports.flatMap((report) => report.results.map((result) => result.suite)))].toSorted()
  const line = (title: string, chosen: (result: ConformanceResult) => boolean) =>
    `| ${[title, ...reports.map((report) => count(report.results, chosen))].join(' | ')} |`
  return [
    `| suite | ${reports.map((report) => report.engine).join(' | ')} |`,
    `|---|${reports.map(() => '---|').join('')}`,
    ...suites.map((suite) => line(suite, (result) => result.suite === suite)),
    line('**operators in use**', (result) => result.core),
    line('**all**', () => true),
  ].join('\n')
}
