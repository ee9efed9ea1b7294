import type { LoadedFile } from '../../store/index.ts'
import { countOf, formatCount, shortPath } from '../parts/format.ts'
import { Panel } from '../parts/panel.tsx'
import { count } from '../parts/safe-column.tsx'
import { DataTable } from '../parts/table.tsx'

/**
 * The files that were loaded, at most `most` of them, folded. A file is mostly of one type: where small counts of these must not be
 * told, nor are its lines.
 */
export const FilePanel = ({ files, most, isSafe }: FilesShown & { readonly most: number }) => (
  <Panel id="files" title="Files">
    <details>
      <summary>
        {files.length < most ? countOf(files.length, 'file') : `The newest ${formatCount(files.length)} files`}, with
        their lines
      </summary>
      <FileTable files={files} isSafe={isSafe} />
    </details>
  </Panel>
)

interface FilesShown {
  readonly files: readonly LoadedFile[]
  readonly isSafe: boolean
}

const FileTable = ({ files, isSafe }: FilesShown) => (
  <DataTable
    label="Files"
    narrow="cards"
    rows={files}
    columns={[
      { label: 'File', heading: true, cell: (row) => <code>{shortPath(row.path)}</code> },
      { label: 'Source', cell: (row) => row.source },
      { label: 'State', cell: (row) => row.state },
      count<LoadedFile>('Lines', (row) => (isSafe ? null : (row.lines ?? 0))),
      count<LoadedFile>('Taken', (row) => (isSafe ? null : (row.good ?? 0))),
      count<LoadedFile>('Quarantined', (row) => (isSafe ? null : (row.quarantined ?? 0))),
    ]}
  />
)
