export type { ElmLibrary, ElmNode, ElmStatement, LibraryClosure } from './library.ts'
