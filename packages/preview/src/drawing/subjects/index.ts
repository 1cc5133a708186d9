import type { Kit, Layer, Setting } from '../sheet.ts';
export function paintSubjects(_kit: Kit, _setting: Setting): readonly Layer[] {
  return [];
}
