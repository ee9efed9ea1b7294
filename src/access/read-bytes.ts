/** The bytes of a body, or undefined as soon as there are more than `maxBytes`; the rest is then not read. */
export async function readBytes(
  request: Pick<Request, 'headers' | 'body' | 'arrayBuffer'>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const length = request.headers.get('content-length')
  if (Number(length ?? 0) > maxBytes) return undefined
  if (length !== null && !request.headers.has('transfer-encoding')) {
    // HTTP ends the body where its length says: it need not be counted, and is read without a stream.
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.byteLength > maxBytes ? undefined : bytes
  }
  if (request.body === null) return new Uint8Array()
  const reader = request.body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks, size)
    size += value.byteLength
    if (size > maxBytes) {
      await reader.cancel()
      return undefined
    }
    chunks.push(value)
  }
}
