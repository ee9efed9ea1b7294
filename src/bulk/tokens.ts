import type { BulkServer } from '../base/index.ts'
import { type AccessToken, type ClientAuth, requestToken } from './access-token.ts'
import { type Discovered, discover, tokenUrlFor } from './discovery.ts'
import type { Pace } from './pace.ts'
import { scopesFor, scopeVersion } from './scopes.ts'
import { readSecret } from './secret.ts'

/** The tokens of one server: got when needed, shared by all who download, got anew before they end. */
export interface Tokens {
  /** What goes into `Authorization: Bearer`; undefined where the server wants none. */
  bearer(): Promise<string | undefined>
  /** The server refused this token: true where another can be got. */
  refuse(token: string): boolean
  /** The scopes granted last, and those asked for; undefined where there is no such thing as a grant. */
  grant(): { readonly asked: readonly string[]; readonly granted: string | undefined } | undefined
}

/** The tokens for a server's way of authorization. */
export function createTokens(server: BulkServer, pace: Pace): Tokens {
  const { auth } = server
  switch (auth.kind) {
    case 'none':
      return fixed(() => undefined)
    case 'bearer':
      return fixed(() => readSecret(auth.token))
    case 'basic':
    case 'smart':
      return new ClientTokens(server, auth, pace)
  }
}

const fixed = (read: () => string | undefined): Tokens => ({
  bearer: async () => read(),
  refuse: () => false,
  grant: () => undefined,
})

class ClientTokens implements Tokens {
  readonly #server: BulkServer
  readonly #auth: ClientAuth
  readonly #pace: Pace
  #current: AccessToken | undefined
  #asked: readonly string[] = []
  /** The one request in flight, which all who wait share. */
  #pending: Promise<AccessToken> | undefined
  #discovered: Discovered | undefined

  constructor(server: BulkServer, auth: ClientAuth, pace: Pace) {
    this.#server = server
    this.#auth = auth
    this.#pace = pace
  }

  async bearer(): Promise<string> {
    if (this.#current !== undefined && this.#pace.now() < this.#current.useUntil) return this.#current.text
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined
    })
    return (await this.#pending).text
  }

  refuse(token: string): boolean {
    if (this.#current?.text === token) this.#current = undefined
    return true
  }

  grant() {
    // Where no scope can be asked for, none is granted either: the client has what it was registered for.
    if (this.#auth.kind === 'basic' && this.#auth.body === 'empty') return undefined
    return { asked: this.#asked, granted: this.#current?.scope }
  }

  async #request(): Promise<AccessToken> {
    const { tokenUrl, scopes } = this.#auth
    const mustAsk = tokenUrl === undefined || scopes === undefined
    if (mustAsk) this.#discovered ??= await discover(this.#server)
    const url = tokenUrlFor(this.#server, tokenUrl, this.#discovered)
    this.#asked = scopes ?? scopesFor(this.#server.types, this.#version())
    const { authMethods: methods = [], algorithms = [] } = this.#discovered ?? {}
    const taken = { methods, algorithms }
    const request = { server: this.#server, auth: this.#auth, url, scopes: this.#asked, pace: this.#pace, taken }
    this.#current = await requestToken(request)
    return this.#current
  }

  #version(): 'v1' | 'v2' {
    const set = this.#auth.kind === 'smart' ? this.#auth.scopeVersion : undefined
    return set ?? scopeVersion(this.#discovered ?? { capabilities: [], scopes: [] })
  }
}
