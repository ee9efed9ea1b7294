/** The headers of a request that say where a browser's call came from. */
export interface CallOrigin {
  readonly method: string
  readonly host: string
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
}

/**
 * True where a page of another origin made a browser change something here (any method but GET, HEAD,
 * OPTIONS). Browsers name the origin themselves; programs that send neither header are no browsers.
 * Another port of the same machine is another origin.
 */
export function isCrossSiteChange({ method, host, origin, secFetchSite }: CallOrigin): boolean {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method)) return false
  if (secFetchSite !== undefined) return secFetchSite !== 'same-origin' && secFetchSite !== 'none'
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
