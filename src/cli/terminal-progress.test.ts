import { expect, test } from 'vitest'
import { terminalProgress } from './terminal-progress.ts'

function recording(isTTY: boolean) {
  let time = 0
  const written: string[] = []
  const progress = terminalProgress({ isTTY, write: (text) => void written.push(text), now: () => time })
  return { progress, written, pass: (ms: number) => (time += ms) }
}

test('elsewhere than on a terminal a stage is one line, written when it ends', () => {
  const { progress, written, pass } = recording(false)
  const stage = progress.stage('Loading', 100)
  pass(1500)
  stage.advance(100)
  expect(written).toEqual([])
  stage.done('100 lines')
  expect(written).toHaveLength(1)
  expect(written[0]).toMatch(/^Loading .* 1\.5 s {2}100 lines\n$/)
})

test('on a terminal the bar shows share, rate and time left', () => {
  const { progress, written, pass } = recording(true)
  const stage = progress.stage('Loading', 200, 'lines')
  pass(1000)
  stage.advance(50)
  expect(written.at(-1)).toMatch(/█{6}░{18} {2}25% {2}50 lines\/s · 3\.0 s left$/)
})
