import type { Activity, ActivityStage } from '../../jobs/index.ts'
import { formatCount, formatInstant } from '../parts/format.ts'

/** What is under way, as it was when the page was made; a script keeps it up to date where scripts run. */
export const ActivityPanel = ({ activities }: { readonly activities: readonly Activity[] }) => (
  <section class="panel" aria-labelledby="under-way">
    <div class="panel-head">
      <h2 id="under-way">Under way</h2>
    </div>
    <div class="panel-body" id="live" data-source="/runs/live">
      {activities.length === 0 ? (
        <p class="soft">Nothing is running.</p>
      ) : (
        activities.map((activity) => <ActivityView activity={activity} />)
      )}
    </div>
    <p class="visually-hidden" id="live-said" role="status" />
    <script type="module" src="/assets/live-runs.js" />
  </section>
)

const words = { done: 'done', failed: 'failed' } as const

const ActivityView = ({ activity }: { readonly activity: Activity }) => (
  <article class="activity">
    <h3>
      {activity.name} <span class="tag">{activity.outcome === null ? 'running' : words[activity.outcome]}</span>{' '}
      <span class="soft small">since {formatInstant(activity.startedAt)}</span>
    </h3>
    <ul class="plain-list">
      {activity.stages.map((stage) => (
        <StageView stage={stage} />
      ))}
    </ul>
  </article>
)

const StageView = ({ stage }: { readonly stage: ActivityStage }) => (
  <li class="stage">
    <span>{stage.name}</span>
    {stage.endedAt === null && stage.total !== null ? (
      <progress max={stage.total} value={stage.done} aria-label={stage.name} />
    ) : (
      <span />
    )}
    <span class="soft small">{stage.summary ?? `${formatCount(stage.done)} ${stage.unit ?? ''}`}</span>
  </li>
)
