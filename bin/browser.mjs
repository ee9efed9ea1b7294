// A Chromium for the browser tests: CAREGAP_BROWSER, one that is installed, or Debian's package where we may install.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const installed = () => [process.env.CAREGAP_BROWSER, ...places].find((path) => path !== undefined && existsSync(path))

const run = (command, args) =>
  spawnSync(command, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** The path of a browser, or undefined after saying which tests are skipped for the lack of one. */
export function ensureBrowser() {
  const found = installed()
  if (found !== undefined) return found
  if (process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('caregap: installing Chromium for the browser tests (once) ...\n')
    if (
      run('apt-get', ['update', '-qq']) &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
    ) {
      return installed()
    }
  }
  process.stderr.write(
    'caregap: no Chromium here, so the browser tests are skipped. Install it (Debian: apt-get install chromium) or set CAREGAP_BROWSER.\n',
  )
  return undefined
}
