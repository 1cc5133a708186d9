import type { Poster, Resource } from '../contract/model-library.ts';
import type { Db } from '../store/db.ts';
import { EVERYBODY, listTags, listVersions, type ResourceRow, type VersionRow } from '../store/resources.ts';

/** Rows as the rest of us sees them, each with its versions and tags: two reads for all of them. */
export async function toResources(db: Db, rows: readonly ResourceRow[]): Promise<Resource[]> {
  const ids = rows.map(({ id }) => id);
  const [versions, tags] = await Promise.all([listVersions(db, ids), listTags(db, ids)]);
  const versionsOf = Map.groupBy(versions, ({ resource_id }) => resource_id);
  const tagsOf = Map.groupBy(tags, ({ resource_id }) => resource_id);
  return rows.map((row) => {
    const isShared = row.account_id === EVERYBODY;
    return {
      id: row.id,
      type: row.type as Resource['type'], // The API takes no other.
      name: row.name,
      description: row.description,
      nodeModelName: row.node_model_name,
      posterUrl: row.poster_url,
      thumbnailUrl: row.thumbnail_url,
      owner: isShared
        ? { name: row.owner_name, avatarUrl: row.owner_avatar }
        : { name: row.account_name ?? '', avatarUrl: '' },
      isShared,
      assetId: row.asset_id,
      tags: (tagsOf.get(row.id) ?? []).map(({ id, name }) => ({ id, name })),
      versions: (versionsOf.get(row.id) ?? []).map(toVersion),
      createdAtMs: row.created_at_ms,
    };
  });
}

const toVersion = (row: VersionRow) => ({
  id: row.id,
  version: row.version,
  name: row.name,
  baseModel: row.base_model,
  baseModelSubtype: row.base_model_subtype,
  triggerWords: row.trigger_words,
  description: row.description,
  posters: JSON.parse(row.posters) as Poster[], // Written by `toVersionRow`.
});
