import { statfsSync } from 'node:fs'
import { freemem, totalmem } from 'node:os'
import type { Diagnostic } from './diagnostic.ts'

/** A long-term-support line of Node, with the days it becomes and stops being one (the Node.js release schedule). */
interface NodeLine {
  readonly major: number
  readonly from: string
  readonly until: string
}

const lines: readonly NodeLine[] = [
  { major: 20, from: '2023-10-24', until: '2026-04-30' },
  { major: 22, from: '2024-10-29', until: '2027-04-30' },
  { major: 24, from: '2025-10-28', until: '2028-04-30' },
  { major: 26, from: '2026-10-28', until: '2029-04-30' },
]

const oldest = { major: 20, minor: 19 }

/**
 * One diagnostic on the Node that runs (`20.19.4`, without a `v`): an error below 20.19, a warning where its
 * line gets no security fixes (any more), information otherwise, naming the current LTS where it is another.
 */
export function checkNode(version: string, now: Date): Diagnostic {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const today = now.toISOString().slice(0, 10)
  const current = lines.findLast((line) => line.from <= today)?.major ?? oldest.major
  const install = `Install Node ${current}, the current LTS.`
  if (major < oldest.major || (major === oldest.major && minor < oldest.minor)) {
    return found('error', 'base/node-too-old', `Node ${version} is too old: caregap needs 20.19 or newer.`, install)
  }
  const line = lines.find((one) => one.major === major)
  if (line !== undefined && line.until < today) {
    const text = `Node ${version} runs caregap, but Node ${major} has had no security fixes since ${line.until}.`
    return found('warning', 'base/node-end-of-life', text, install)
  }
  if (line === undefined && major < (lines.at(-1)?.major ?? 0)) {
    return found('warning', 'base/node-not-lts', `Node ${version} runs caregap, but is no LTS version.`, install)
  }
  if (major < current) return found('information', 'base/node-not-current', `Node ${version} is supported.`, install)
  return found('information', 'base/node-fine', `Node ${version} is supported.`)
}

const MiB = 1024 * 1024

/** Memory in bytes: what the machine (or its container) has, and what of it is free now. */
export interface MemoryFacts {
  readonly totalBytes: number
  readonly freeBytes: number
}

/** The database takes up to 1.8 GiB, Node and its workers up to 1 GiB. */
const neededMiB = { least: 1024, wanted: 3072 }

/** One diagnostic on memory: an error below 1 GiB in all, a warning where less than 3 GiB are there or 1 GiB free. */
export function checkMemory({ totalBytes, freeBytes }: MemoryFacts): Diagnostic {
  const state = `The machine has ${sizeText(totalBytes)} of memory, ${sizeText(freeBytes)} of it free`
  if (totalBytes < neededMiB.least * MiB) {
    return found('error', 'base/too-little-memory', `${state}: too little.`, 'Use a machine with 3 GiB or more.')
  }
  if (totalBytes < neededMiB.wanted * MiB) {
    return found(
      'warning',
      'base/little-memory',
      `${state}: enough for some thousand people.`,
      'For more people use 3 GiB or more.',
    )
  }
  if (freeBytes < neededMiB.least * MiB) {
    return found(
      'warning',
      'base/memory-in-use',
      `${state}: a run may be slow or be ended.`,
      'Stop other programs before a large run.',
    )
  }
  return found('information', 'base/memory-fine', `${state}.`)
}

/** One diagnostic on the disk of a folder: an error below 256 MiB, a warning below 2 GiB. */
export function checkDisk(folder: string, freeBytes: number): Diagnostic {
  const state = `${sizeText(freeBytes)} of disk are free`
  const place = { file: folder }
  const remedy =
    'Free some space, or put the database on another disk with --db. It needs about the size of the export.'
  if (freeBytes < 256 * MiB) {
    return { ...found('error', 'base/disk-full', `Only ${state}: loading will fail.`, remedy), place }
  }
  if (freeBytes < 2048 * MiB) {
    return { ...found('warning', 'base/little-disk', `${state}: a large export may not fit.`, remedy), place }
  }
  return { ...found('information', 'base/disk-fine', `${state}.`), place }
}

/** The memory that this process may use: of its container where that limits it. */
export function readMemory(): MemoryFacts {
  const limit = process.constrainedMemory()
  const limited = limit > 0 && limit < totalmem()
  const totalBytes = limited ? limit : totalmem()
  return { totalBytes, freeBytes: Math.min(freemem(), totalBytes) }
}

/** Bytes that a user without special rights can still write below an existing folder. */
export function readFreeDisk(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** Bytes as a person reads them: `512 MiB`, `3.5 GiB`. */
export function sizeText(bytes: number): string {
  const mebibytes = bytes / MiB
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`
}

function found(severity: Diagnostic['severity'], code: string, message: string, remedy?: string): Diagnostic {
  return { code, message, severity, ...(remedy === undefined ? {} : { remedy }) }
}
