import type { ChannelService } from '../contract/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { forgetHealth } from '../store/channel-health.ts';
import { endFault } from '../store/channel-switches.ts';
import { bumpVersion } from '../store/channels.ts';
import { type AdminDeps, createChannelService } from './admin.ts';
import { PREVIEW } from './candidates.ts';
import type { Channels } from './channels.ts';
import { createMeasures } from './measures.ts';
import { createOutlook, type Outlook } from './outlook.ts';
import { createPlaces } from './places.ts';
import { watchRefused } from './recheck.ts';
import { createRoom, type RoomDeps } from './room.ts';
import { createRoster, type RosterDeps, resealAll } from './roster.ts';
import { createWaker } from './waker.ts';

export type OpenDeps = Omit<RosterDeps, 'nowMs'> &
  Omit<RoomDeps, 'roster' | 'measures' | 'places' | 'waker'> &
  Omit<AdminDeps, 'roster' | 'measures'> & {
    /** Where tasks wait for their turn; and what tells those who take from it that jobs became due. */
    readonly queue: string;
    readonly notify: (queue: string) => void;
    readonly clock: Clock;
  };

export type OpenChannels = {
  readonly channels: Channels;
  readonly service: ChannelService;
  readonly outlook: Outlook;
  /** Whether there is anything but the preview, as was last seen. */
  hasUpstreams(): boolean;
  /** Does what belongs to a start, and watches from then on. @returns what ends it. */
  start(): Promise<() => Promise<void>>;
};

/** Everything that decides which upstream runs a task. */
export function openChannels(deps: OpenDeps): OpenChannels {
  const { db, clock } = deps;
  const { nowMs } = clock;
  const roster = createRoster({ ...deps, nowMs });
  const measures = createMeasures({ ...deps, nowMs });
  const places = createPlaces(db);
  const waker = createWaker({ ...deps, roster, places });
  const room = { ...deps, roster, measures, places, waker };
  return {
    channels: createRoom(room),
    outlook: createOutlook(room),
    service: createChannelService({ ...deps, roster, measures }),
    hasUpstreams: () => roster.list().some(({ definition }) => definition.name !== PREVIEW),
    async start() {
      await resealAll({ ...deps, nowMs });
      // A start is how the owner of a channel of the file or the environment changes something.
      const mended = deps.defined.flatMap(({ name: channel }) => [
        endFault(db, { channel }),
        forgetHealth(db, { channel }),
      ]);
      if (mended.length > 0) await db.write([...mended, bumpVersion(db, {})]);
      await roster.refresh();
      const ends = [waker.start(), watchRefused({ ...deps, roster })];
      return async () => void (await Promise.all(ends.map((end) => end())));
    },
  };
}
