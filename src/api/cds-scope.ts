/**
 * True where SMART scopes let a type be read (or searched): v1 `patient/Observation.read`, v2 `patient/Observation.rs`.
 * Without any scope the client says nothing, and its server decides.
 */
export function mayRead(scope: string | undefined, type: string, search: boolean): boolean {
  if (scope === undefined || scope.trim() === '') return true
  return scope.split(/\s+/).some((one) => grants(one, type, search))
}

function grants(scope: string, type: string, search: boolean): boolean {
  // A scope that is narrowed by a query (`?category=`) does not let the whole type be seen.
  const match = /^(?:patient|user|system)\/([A-Za-z]+|\*)\.(\*|read|write|c?r?u?d?s?)$/.exec(scope)
  if (match === null || (match[1] !== '*' && match[1] !== type)) return false
  const access = match[2] ?? ''
  return access === '*' || access === 'read' || (access !== 'write' && access.includes(search ? 's' : 'r'))
}
