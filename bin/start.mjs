// `npm start`: set up, then load the bundled data, evaluate and serve (the command `caregap demo`).
import { setUp } from './setup.mjs'

setUp()
const { main } = await import('../dist/cli/main.js')
await main(['demo', ...process.argv.slice(2)])
