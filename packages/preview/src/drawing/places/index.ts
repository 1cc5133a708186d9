import type { Kit, Setting } from '../sheet.ts';
import { abstract, cloudland, space } from './beyond.ts';
import { skyline } from './city.ts';
import { underwater } from './deep.ts';
import { land } from './land.ts';
import { street } from './street.ts';
import { water } from './water.ts';
import { forest } from './woods.ts';

/** Paints where a shot is set. */
export function paintPlace(kit: Kit): Setting {
  switch (kit.scene.place) {
    case 'mountains':
    case 'hills':
    case 'field':
    case 'desert':
    case 'village':
      return land(kit);
    case 'sea':
    case 'beach':
    case 'lake':
      return water(kit);
    case 'skyline':
      return skyline(kit);
    case 'street':
      return street(kit);
    case 'forest':
      return forest(kit);
    case 'underwater':
      return underwater(kit);
    case 'space':
      return space(kit);
    case 'sky':
      return cloudland(kit);
    case 'interior':
    case 'workshop':
    case 'studio':
    case 'abstract':
      return abstract(kit);
  }
}
