const heads = /^(?:define|parameter|context|valueset|code|codesystem|concept)\b/
const defineHead = /^define\s+(?:(?:public|private)\s+)?(?:fluent\s+)?(?:function\s+)?(?:"((?:[^"\\]|\\.)*)"|(\w+))/

/**
 * The text of each define and function of a CQL library by name, from its own head to before the next
 * declaration; comments that stand before the next one are left out. Overloads are joined.
 */
export function textsOfDefines(cql: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const block of blocksOf(cql)) {
    const match = defineHead.exec(block)
    const name = match?.[1] ?? match?.[2]
    if (name === undefined) continue
    const earlier = texts.get(name)
    texts.set(name, earlier === undefined ? block : `${earlier}\n\n${block}`)
  }
  return texts
}

function blocksOf(cql: string): string[] {
  const blocks: string[][] = []
  let inComment = false
  for (const line of cql.split('\n')) {
    if (!inComment && heads.test(line)) blocks.push([])
    blocks.at(-1)?.push(line)
    inComment = inComment ? !line.includes('*/') : /^\s*\/\*(?!.*\*\/)/.test(line)
  }
  return blocks.map((lines) => withoutTail(lines.join('\n')))
}

/** Blank lines and comments at the end belong to what follows. */
function withoutTail(block: string): string {
  const cut = block.replace(/(?:\s*\/\*(?:(?!\*\/)[\s\S])*\*\/|\s*\n[ \t]*\/\/[^\n]*)\s*$/, '').trimEnd()
  return cut === block ? cut : withoutTail(cut)
}
