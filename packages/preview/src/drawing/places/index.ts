import type { Kit, Setting } from '../sheet.ts';
import { skyline, street } from './city.ts';
import { land } from './land.ts';
import { water } from './water.ts';

/** Paints where a shot is set. */
export function paintPlace(kit: Kit): Setting {
  switch (kit.scene.place) {
    case 'sea':
    case 'beach':
    case 'lake':
      return water(kit);
    case 'skyline':
      return skyline(kit);
    case 'street':
      return street(kit);
    default:
      return land(kit);
  }
}
