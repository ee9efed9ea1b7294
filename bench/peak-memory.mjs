// Preloaded (`node --import`) into a command under measurement: writes its peak memory and CPU time when it ends.
import { writeFileSync } from 'node:fs'

process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const usage = { peakMiB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }
  writeFileSync(process.env.CAREGAP_USAGE_FILE, JSON.stringify(usage))
})
