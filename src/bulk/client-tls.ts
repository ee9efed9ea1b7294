import { Agent } from 'node:https'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { type BulkServer, fault } from '../base/index.ts'
import { readSecret } from './secret.ts'

/** What a source's own TLS settings are for a connection: a client certificate (mutual TLS), an authority of its own. */
export interface ClientTls {
  readonly options: SecureContextOptions
  /** Keeps connections that were made with them. */
  readonly agent: Agent
}

/** Read once per configuration: connections are shared. */
const made = new WeakMap<object, ClientTls>()

/**
 * The TLS settings of a server; undefined where it has none. Faults: `bulk/certificate-broken`, which quotes nothing, and
 * those of the secrets.
 */
export function clientTls({ tls }: BulkServer): ClientTls | undefined {
  if (tls === undefined) return undefined
  const known = made.get(tls)
  if (known !== undefined) return known
  const { cert, key, passphrase, ca } = tls
  const options: SecureContextOptions = {
    minVersion: 'TLSv1.2',
    ...(cert === undefined ? {} : { cert: readSecret(cert) }),
    ...(key === undefined ? {} : { key: readSecret(key) }),
    ...(passphrase === undefined ? {} : { passphrase: readSecret(passphrase) }),
    ...(ca === undefined ? {} : { ca: readSecret(ca) }),
  }
  checkContext(options)
  const found = { options, agent: new Agent({ keepAlive: true, ...options }) }
  made.set(tls, found)
  return found
}

function checkContext(options: SecureContextOptions): void {
  try {
    createSecureContext(options)
  } catch {
    // The reason is left out on purpose: it could quote the key.
    throw fault(
      'input',
      'bulk/certificate-broken',
      'The client certificate, its key or the authority of the source cannot be read.',
      {
        remedy:
          'tls.cert, tls.key and tls.ca must be PEM, the key that of the certificate, and tls.passphrase its password.',
      },
    )
  }
}
