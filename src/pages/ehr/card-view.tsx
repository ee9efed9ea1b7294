import type { Card } from '../../cards/index.ts'
import { Markdown } from './markdown-view.tsx'

/** Where the buttons of a card lead back to, and whose card it is. */
export interface CardPlace {
  readonly serviceId: string
  readonly back: string
}

const words: Readonly<Record<Card['indicator'], string>> = {
  info: 'Information',
  warning: 'Warning',
  critical: 'Critical',
}

/** A card as an EHR shows it, with buttons that send feedback. Works without script. */
export const CardView = ({ card, place }: { readonly card: Card; readonly place: CardPlace }) => (
  <article class={`panel ehr-card ehr-${card.indicator}`} aria-label={card.summary}>
    <div class="panel-head">
      <p class="ehr-kind">{words[card.indicator]}</p>
      <h3>{card.summary}</h3>
    </div>
    <div class="panel-body ehr-detail">
      <Markdown text={card.detail} />
      <p class="ehr-source">
        Source: {card.source.url === undefined ? card.source.label : <a href={card.source.url}>{card.source.label}</a>}
      </p>
      <div class="ehr-actions">
        {(card.suggestions ?? []).map((suggestion) => (
          <form method="post" action="/demo/ehr/feedback">
            <Hidden card={card} place={place} />
            <input type="hidden" name="suggestion" value={suggestion.uuid} />
            <button type="submit" class={suggestion.isRecommended ? 'button button-primary' : 'button'}>
              {suggestion.label}
            </button>
          </form>
        ))}
        <form method="post" action="/demo/ehr/feedback" class="ehr-override">
          <Hidden card={card} place={place} />
          <select name="reason" aria-label={`Why "${card.summary}" is set aside`}>
            {card.overrideReasons.map(({ code, display }) => (
              <option value={code}>{display}</option>
            ))}
          </select>
          <button type="submit" class="button">
            Set aside
          </button>
        </form>
      </div>
    </div>
  </article>
)

const Hidden = ({ card, place }: { readonly card: Card; readonly place: CardPlace }) => (
  <>
    <input type="hidden" name="card" value={card.uuid} />
    <input type="hidden" name="service" value={place.serviceId} />
    <input type="hidden" name="back" value={place.back} />
  </>
)
