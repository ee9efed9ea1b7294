import { readFileSync } from 'node:fs'
import { fault, type SecretPlace } from '../base/index.ts'

/** The text of a secret, trimmed. Fault: `bulk/secret-missing`, which names the place and never the text. */
export function readSecret(place: SecretPlace): string {
  const text = ('env' in place ? process.env[place.env] : readFile(place.file))?.trim() ?? ''
  if (text !== '') return text
  const where = 'env' in place ? `environment variable ${place.env}` : `file ${place.file}`
  throw fault('input', 'bulk/secret-missing', `The ${where}, which should hold a secret, is empty or missing.`, {
    remedy: 'Set it, readable for the user who runs caregap alone.',
  })
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
