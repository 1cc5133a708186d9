import type { Kit, Layer, Setting } from '../sheet.ts';
export function paintSubjects(_kit: Kit, setting: Setting): readonly Layer[] {
  return setting.shelf ? [setting.shelf.layer] : [];
}
