import { av, checked, constants } from './av.ts';

/** One picture as the codecs keep it: a plane of brightness, then two of colour at half the sides (4:2:0, BT.709, video
 *  range), without padding. Sides are even. */
export type Planes = { readonly widthPx: number; readonly heightPx: number; readonly bytes: Uint8Array };

export type Size = { readonly widthPx: number; readonly heightPx: number };

export const byteCountOf = ({ widthPx, heightPx }: Size): number => (widthPx * heightPx * 3) / 2;

/** Where the three planes of a picture lie. */
export function splitPlanes({ widthPx, heightPx, bytes }: Planes): { y: Uint8Array; u: Uint8Array; v: Uint8Array } {
  const [luma, chroma] = [widthPx * heightPx, (widthPx * heightPx) / 4];
  return {
    y: bytes.subarray(0, luma),
    u: bytes.subarray(luma, luma + chroma),
    v: bytes.subarray(luma + chroma, luma + 2 * chroma),
  };
}

/** A row of the library's filters, each of which gives one picture for one. */
export type FilterChain = {
  /** @throws {CodecError} */
  run(frame: av.Frame): Promise<Planes>;
  free(): void;
};

/** Builds a chain whose pictures come out as planes of `to`. `filters` in the library's own notation; empty for none.
 *  The chain is built for the first frame and built anew where a clip changes its size or format half-way. */
export function createFilterChain(p: { filters: readonly string[]; to: Size }): FilterChain {
  const out = new av.Frame();
  out.alloc();
  let built: (ReturnType<typeof build> & { key: string }) | undefined;
  const run = async (frame: av.Frame): Promise<Planes> => {
    const key = [frame.width, frame.height, frame.format, frame.colorSpace, frame.colorRange].join(' ');
    if (built?.key !== key) {
      built?.graph.free();
      built = { ...build(frame, [...p.filters, 'format=yuv420p']), key };
    }
    checked(await built.source.buffersrcAddFrame(frame, constants.AV_BUFFERSRC_FLAG_KEEP_REF), 'filter a picture');
    checked(await built.sink.buffersinkGetFrame(out), 'filter a picture');
    const bytes = out.toBuffer();
    out.unref();
    return { ...p.to, bytes };
  };
  const free = (): void => {
    built?.graph.free();
    out.free();
  };
  return { run, free };
}

function build(frame: av.Frame, filters: readonly string[]) {
  const graph = new av.FilterGraph();
  graph.alloc();
  const colours = `colorspace=${frame.colorSpace}:range=${frame.colorRange}`;
  const shape = `video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:pixel_aspect=1/1`;
  const source = addFilter(graph, 'buffer', `${shape}:time_base=1/1000:${colours}`);
  const sink = addFilter(graph, 'buffersink', null);
  const [from, to] = [new av.FilterInOut(), new av.FilterInOut()];
  from.alloc();
  from.name = 'in';
  from.filterCtx = source;
  from.padIdx = 0;
  to.alloc();
  to.name = 'out';
  to.filterCtx = sink;
  to.padIdx = 0;
  // Named from outside: what the row's end feeds, then what its beginning is fed by.
  checked(graph.parsePtr(filters.join(','), to, from), 'read the filters');
  checked(graph.configSync(), 'build the filters');
  return { graph, source, sink };
}

function addFilter(graph: av.FilterGraph, kind: 'buffer' | 'buffersink', options: string | null): av.FilterContext {
  const filter = av.Filter.getByName(kind);
  const context = filter === null ? null : graph.createFilter(filter, kind === 'buffer' ? 'in' : 'out', options);
  if (context === null) throw new Error(`the library refuses to make a ${kind}`);
  return context;
}
