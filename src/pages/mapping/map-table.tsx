import type { CodeMapRow } from '../../store/index.ts'
import { DataTable } from '../parts/table.tsx'
import { kindNames, MapFrom, MapHistory, MapTo, stateName } from './map-words.tsx'

/** Translations, each with its state, its version and who decided; its number leads to its page. */
export const MapTable = ({ label, maps }: { readonly label: string; readonly maps: readonly CodeMapRow[] }) => (
  <DataTable
    label={label}
    narrow="cards"
    rows={maps}
    columns={[
      { label: 'Map', heading: true, cell: ({ mapId }) => <a href={`/mapping/maps/${mapId}`}>Map {mapId}</a> },
      {
        label: 'From',
        width: 'some',
        cell: (map) => (
          <>
            <MapFrom map={map} />
            <span class="cell-note">
              {kindNames[map.kind]} of {map.source ?? 'all sources'}
            </span>
          </>
        ),
      },
      { label: 'To', width: 'some', cell: (map) => <MapTo map={map} /> },
      {
        label: 'State',
        cell: (map) => (
          <>
            {stateName(map)}
            <span class="cell-note">Version {map.version}</span>
          </>
        ),
      },
      { label: 'Who and when', cell: (map) => <MapHistory map={map} /> },
    ]}
  />
)
