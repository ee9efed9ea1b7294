import type { Progress } from '../base/index.ts'

interface Terminal {
  readonly isTTY: boolean
  write(text: string): void
  now(): number
}

const barCells = 24
const redrawMs = 100

const grouped = (value: number): string => Math.floor(value).toLocaleString('en-US')
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`

/**
 * A bar per stage on stderr. On a terminal the line is redrawn in place with rate and time left; elsewhere
 * (a file, CI) each stage writes one line when it ends.
 */
export function terminalProgress(terminal: Terminal): Progress {
  return {
    stage(name, total, unit = '') {
      const startedAt = terminal.now()
      let units = 0
      let drawnAt = Number.NEGATIVE_INFINITY
      const draw = () => {
        const elapsed = terminal.now() - startedAt
        if (!terminal.isTTY || terminal.now() - drawnAt < redrawMs) return
        drawnAt = terminal.now()
        terminal.write(`\r\u001b[2K${barLine(name, units, total, unit, elapsed)}`)
      }
      draw()
      return {
        advance(more) {
          units += more
          draw()
        },
        done(summary) {
          const line = `${name.padEnd(22)} ${'█'.repeat(barCells)} ${seconds(terminal.now() - startedAt).padStart(7)}  ${summary}`
          terminal.write(terminal.isTTY ? `\r\u001b[2K${line}\n` : `${line}\n`)
        },
      }
    },
  }
}

function barLine(name: string, units: number, total: number | undefined, unit: string, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? units / (elapsedMs / 1000) : 0
  const speed = `${grouped(rate)}${unit === '' ? '' : ` ${unit}`}/s`
  if (total === undefined || total === 0) return `${name.padEnd(22)} ${grouped(units)} ${unit} · ${speed}`
  const share = Math.min(1, units / total)
  const full = Math.round(share * barCells)
  const left = rate > 0 ? ` · ${seconds(((total - units) / rate) * 1000)} left` : ''
  const bar = `${'█'.repeat(full)}${'░'.repeat(barCells - full)}`
  return `${name.padEnd(22)} ${bar} ${`${Math.floor(share * 100)}%`.padStart(4)}  ${speed}${left}`
}
