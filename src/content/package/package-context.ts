import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Session } from '../../duck/index.ts'
import { type ModelInfo, readModelInfo } from '../../elm/index.ts'
import { loadValueSets, type ValueSets } from '../../terminology/index.ts'
import { shippedValueSetFolders } from '../load-measures.ts'
import type { CheckOptions } from './check-package.ts'
import type { Package } from './packaged.ts'
import { PackagedValueSets } from './packaged-value-sets.ts'
import { Shelf } from './shelf.ts'

/** Where packages are kept, and what stands beside them. */
export interface PackageContext {
  readonly session: Session
  /** Model info files, or folders of them. */
  readonly modelInfos?: readonly string[]
  /** Files and folders of terminology. */
  readonly terminology?: readonly string[]
  readonly cacheDir?: string
}

/** Model infos of files and of folders (`.xml`, `.xml.gz`), by name of the file. Faults: those of `readModelInfo`. */
export function readModelInfos(paths: readonly string[]): readonly ModelInfo[] {
  return paths
    .flatMap((path) =>
      existsSync(path) && statSync(path).isDirectory()
        ? readdirSync(path)
            .filter((name) => /\.xml(\.gz)?$/.test(name))
            .sort()
            .map((name) => join(path, name))
        : [path],
    )
    .map(readModelInfo)
}

/** What a check of these packages works with. */
export function checkOptionsOf(packages: readonly Package[], context: PackageContext): CheckOptions {
  const shelf = new Shelf(packages, readModelInfos(context.modelInfos ?? []))
  return {
    shelf,
    valueSets: new PackagedValueSets(shelf, () => false),
    outer: outerValueSets(context.terminology ?? []),
    ...(context.cacheDir === undefined ? {} : { cacheDir: context.cacheDir }),
  }
}

const outerValueSets = (terminology: readonly string[]): ValueSets =>
  loadValueSets([...shippedValueSetFolders(), ...terminology]).valueSets
