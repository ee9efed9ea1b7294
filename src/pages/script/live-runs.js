// Keeps the panel of what is under way up to date from the server's events. Without it the page shows the moment it was made.
const panel = document.getElementById('live')
const said = document.getElementById('live-said')
const count = new Intl.NumberFormat('en-US')

function element(name, className, text) {
  const made = document.createElement(name)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

/** Units done each second, and the time left where the total is known. */
function pace(stage) {
  const seconds = (Date.now() - Date.parse(stage.startedAt)) / 1000
  if (stage.done === 0 || seconds < 1) return ''
  const perSecond = stage.done / seconds
  const rate = `${count.format(Math.round(perSecond))}/s`
  if (stage.total === null) return rate
  const left = Math.max(0, Math.round((stage.total - stage.done) / perSecond))
  return `${rate}, ${left < 90 ? `${left} s` : `${Math.round(left / 60)} min`} left`
}

function stageView(stage) {
  const item = element('li', 'stage')
  item.append(element('span', '', stage.name))
  if (stage.endedAt === null && stage.total !== null) {
    const bar = element('progress')
    bar.max = stage.total
    bar.value = stage.done
    bar.setAttribute('aria-label', stage.name)
    item.append(bar)
  } else item.append(element('span'))
  const done = `${count.format(stage.done)}${stage.total === null ? '' : ` of ${count.format(stage.total)}`} ${stage.unit ?? ''}`
  item.append(element('span', 'soft small', stage.summary ?? [done.trim(), pace(stage)].filter(Boolean).join(', ')))
  return item
}

function activityView(activity) {
  const article = element('article', 'activity')
  const heading = element('h3', '', `${activity.name} `)
  heading.append(element('span', 'tag', activity.outcome ?? 'running'))
  const stages = element('ul', 'plain-list')
  stages.append(...activity.stages.map(stageView))
  article.append(heading, stages)
  return article
}

let running = new Set()

/** Screen readers hear beginnings and ends, not every step of a bar. */
function tell(activities) {
  const now = new Set(activities.filter(({ outcome }) => outcome === null).map(({ id }) => id))
  const begun = activities.find(({ id }) => now.has(id) && !running.has(id))
  const ended = activities.find(({ id }) => !now.has(id) && running.has(id))
  if (begun) said.textContent = `${begun.name} has begun`
  if (ended) said.textContent = `${ended.name}: ${ended.outcome}. Load the page again to see its results.`
  running = now
}

const source = new EventSource(panel.dataset.source)
source.addEventListener('message', ({ data }) => {
  const activities = JSON.parse(data)
  tell(activities)
  panel.replaceChildren(
    ...(activities.length === 0 ? [element('p', 'soft', 'Nothing is running.')] : activities.map(activityView)),
  )
})
addEventListener('pagehide', () => source.close())
