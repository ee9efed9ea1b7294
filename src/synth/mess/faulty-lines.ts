import type { ExportFolder } from '../export/folder.ts'
import { sourceAt } from '../sources.ts'

/** Kinds of line that no reader can take. */
export type FaultyLine = 'truncated' | 'not-json' | 'no-resource-type' | 'invalid-utf8'

const texts: Readonly<Record<FaultyLine, string | Buffer>> = {
  truncated: '{"resourceType":"Observation","id":"cut-short","status":"fin',
  'not-json': 'this line is not JSON',
  'no-resource-type': '{"id":"no-type"}',
  'invalid-utf8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
}

/** Appends faulty lines to the first source's Observation file and lists each with its line. */
export function writeFaultyLines(folder: ExportFolder, faults: readonly FaultyLine[]): void {
  for (const fault of faults) {
    const line = folder.write(0, 'Observation', texts[fault])
    folder.note({ kind: 'malformed-line', source: sourceAt(0).name, line })
  }
}
