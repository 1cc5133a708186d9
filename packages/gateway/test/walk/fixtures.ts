import { checkMedia, type Endpoint, type Input, type MediaFacts, type MediaSlot } from '@reelay/catalog';
import { createWorkshop } from '../../../preview/test/samples.ts';
import { listMediaPlaces, replaceMedia } from '../../src/assets/media-places.ts';

type Sample = { readonly path: string; readonly facts: MediaFacts };
type Make = () => Promise<Sample>;

/** Files for the media parameters of any endpoint: of each kind the smallest that its limits allow. */
export function createFixtures(upload: (path: string) => Promise<string>) {
  const workshop = createWorkshop();
  const picture = (name: string, widthPx: number, heightPx: number) => () =>
    workshop.picture(name, { widthPx, heightPx });
  const clip = (name: string, widthPx: number, heightPx: number) => () =>
    workshop.clip(name, { widthPx, heightPx, seconds: 3.5, hz: 300 });
  const candidates: Readonly<Record<MediaFacts['kind'], readonly Make[]>> = {
    image: [
      picture('small.jpg', 640, 360),
      picture('small.png', 640, 360),
      picture('large.jpg', 1280, 720),
      picture('large.png', 1280, 720),
    ].map(once),
    video: [clip('small.mp4', 384, 216), clip('large.mp4', 1280, 720)].map(once),
    audio: [once(() => workshop.sound('tone.mp3', { hz: 180, seconds: 4 }))],
  };
  const addresses = new Map<string, Promise<string>>();

  async function addressFor(endpoint: Endpoint, slot: MediaSlot): Promise<string> {
    for (const make of candidates[slot.kind]) {
      const { path, facts } = await make();
      const alone = { params: endpoint.params, constraints: [] };
      if (checkMedia(alone, { [slot.name]: [facts] }, {}).length > 0) continue;
      const address = addresses.get(path) ?? upload(path);
      addresses.set(path, address);
      return address;
    }
    throw new Error(`no sample fits ${endpoint.id} ${slot.name}`);
  }

  return {
    /** The request with addresses of files that the server has. */
    async withFiles(endpoint: Endpoint, input: Input): Promise<Input> {
      const places = await Promise.all(
        listMediaPlaces(endpoint, input).map(async ({ field, slot }) => ({
          field,
          address: await addressFor(endpoint, slot),
        })),
      );
      const byField = new Map(places.map(({ field, address }) => [field, address]));
      return replaceMedia(endpoint, input, ({ field }) => byField.get(field));
    },
    remove: () => workshop.remove(),
  };
}

function once(make: Make): Make {
  let made: Promise<Sample> | undefined;
  return () => (made ??= make());
}
