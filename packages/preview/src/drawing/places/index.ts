import type { Kit, Setting } from '../sheet.ts';
import { abstract, cloudland, space } from './beyond.ts';
import { skyline } from './city.ts';
import { underwater } from './deep.ts';
import { land } from './land.ts';
import { interior } from './rooms.ts';
import { street } from './street.ts';
import { studio } from './studio.ts';
import { water } from './water.ts';
import { forest } from './woods.ts';
import { workshop } from './workshop.ts';

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
      return interior(kit);
    case 'workshop':
      return workshop(kit);
    case 'studio':
      return studio(kit);
    case 'abstract':
      return abstract(kit);
  }
}
