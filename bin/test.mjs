// `npm test`: set up, get a browser where that is possible, run the project's own tests.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensureBrowser } from './browser.mjs'
import { root, setUp } from './setup.mjs'

setUp()
const browser = ensureBrowser()
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const done = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...(browser === undefined ? {} : { CAREGAP_BROWSER: browser }) },
})
process.exit(done.status ?? 1)
