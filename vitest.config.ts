import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Two suites: the project's own tests (npm test), and those that read public test data beside the
// project (CAREGAP_SUITE=data), which skip with a message where that data is absent.
const data = process.env['CAREGAP_SUITE'] === 'data'

export default defineConfig({
  test: {
    include: data ? ['test/**/*.data.test.ts'] : ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
    exclude: data ? ['node_modules/**'] : ['node_modules/**', 'test/**/*.data.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
    pool: 'forks',
    // The files of a process share what they import: the translator and the models are read once, not once for a file.
    isolate: false,
    // One file on each core; left to itself vitest keeps a core back, which is half of a small machine.
    maxWorkers: availableParallelism(),
    reporters: ['default'],
    passWithNoTests: false,
  },
})
