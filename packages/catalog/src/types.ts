/** JSON as it travels: what `JSON.parse` can return. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A sentence for people, in the two languages of the reference pages. */
export type Words = { readonly en: string; readonly zh: string };

export type Output = 'video' | 'image' | 'audio' | '3d' | 'string';
export type MediaKind = 'image' | 'video' | 'audio';

/** What an endpoint does. One word decides how it is previewed and where it stands in the reference. */
// biome-ignore format: a table of words reads better in groups than one a line
export const TASKS = [
  'text-to-video', 'image-to-video', 'start-end-to-video', 'reference-to-video', 'video-edit', 'video-extend',
  'motion-control', 'video-restyle', 'video-effect', 'video-upscale', 'video-interpolate', 'audio-image-to-video',
  'lip-sync', 'face-identify', 'character-upload', 'element-create', 'media-upload',
  'text-to-image', 'image-to-image', 'image-upscale', 'image-enhance',
  'text-to-3d', 'image-to-3d', 'multi-image-to-3d',
  'text-to-world', 'image-to-world', 'multi-image-to-world', 'video-to-world',
  'text-to-speech', 'voice-clone', 'voice-design', 'text-to-music', 'text-to-lyrics',
  'text-to-text', 'image-to-text', 'video-to-text', 'chat',
] as const;
export type Task = (typeof TASKS)[number];

type Common = {
  readonly required: boolean;
  /** What the parameter does, for the reference pages. */
  readonly about: Words;
};

/** An earlier result that a later request names. */
export type Reference = {
  /** What the task did that made it; absent: anything. */
  readonly tasks?: readonly Task[];
  readonly output?: Output;
  /** The id may also be of something that no task made, such as a voice of the maker's own. */
  readonly orOther?: true;
  readonly maxAgeHours?: number;
  readonly maxAgeDays?: number;
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
};

export type TextParam = Common & {
  readonly type: 'text';
  readonly minChars?: number;
  readonly maxChars?: number;
  readonly pattern?: string;
  readonly default?: string;
  /** `lora-file`: the file name of a LoRA that the service knows. `csv`: words separated by commas, `maxItems` at most. */
  readonly format?: 'lora-file' | 'csv';
  readonly maxItems?: number;
  /** Sounds that may stand in the text in brackets: `(laughs)`. */
  readonly inlineTags?: readonly string[];
  /** Values known to work, for forms. Others may work too. */
  readonly suggestions?: readonly string[];
  /** The text is the address of a file, although the service calls it a plain text. */
  readonly addressOf?: MediaKind;
  /** Where the text is the id of an earlier result: what that result must be. Only the service can look it up. */
  readonly refersTo?: Reference;
  /** Later requests call the result by this text. */
  readonly namesResult?: true;
  /** Ids of such results may stand in the text, each after an @. */
  readonly mentions?: readonly Task[];
};
/** One of the listed words. They are strings on the wire even where they look like numbers or booleans. */
export type OneOfParam = Common & {
  readonly type: 'one-of';
  readonly values: readonly string[];
  readonly ignoreCase?: boolean;
  readonly default?: string;
  /** What single values mean that are no amount: `{ '0': 'keep-input-length' }`. */
  readonly specialValues?: Readonly<Record<string, string>>;
  /** The smallest and largest picture of the listed sizes that the service makes. For readers. */
  readonly minPixels?: number;
  readonly maxPixels?: number;
};
export type FlagParam = Common & { readonly type: 'flag'; readonly default?: boolean };
export type NumberParam = Common & {
  readonly type: 'integer' | 'number';
  readonly min?: number;
  readonly max?: number;
  /** The step of a slider, for forms. Values between two steps are not refused: services take or round them. */
  readonly step?: number;
  readonly unit?: 'ms';
  readonly default?: number;
  /** What single values mean that are no amount: `{ '-1': 'no-limit' }`. */
  readonly specialValues?: Readonly<Record<string, string>>;
};

/** What a file must be. Sides in pixels, aspect = width / height. Absent: no limit is known. */
export type MediaLimits = {
  readonly accept?: readonly string[];
  readonly maxMegabytes?: number;
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  readonly minSidePx?: number;
  readonly maxSidePx?: number;
  readonly minAspect?: number;
  readonly maxAspect?: number;
  readonly minPixels?: number;
  readonly maxPixels?: number;
  /** The exact sizes that are allowed, as `"720x1280"`. */
  readonly dimensions?: readonly string[];
  /** Sizes that the service recommends by name (`"720p"`). For readers: what is refused is said by the sides. */
  readonly resolutions?: readonly string[];
  /** What the service recommends and does not insist on. */
  readonly recommendedMinSidePx?: number;
  readonly recommendedMaxSidePx?: number;
  /** The smallest and largest size, as `"480x480"`. They mean the shorter and the longer side, whichever way up. */
  readonly minDimensions?: string;
  readonly maxDimensions?: string;
  /** Of a longer clip only the beginning is used. */
  readonly usedSeconds?: number;
};
/** One file: an http(s) URL, a data URI, or the `download_url` of an upload. */
export type MediaParam = Common & MediaLimits & { readonly type: MediaKind };
export type MediaListParam = Common &
  MediaLimits & {
    readonly type: `${MediaKind}s`;
    readonly minItems?: number;
    readonly maxItems?: number;
    /** Of all items together. */
    readonly maxTotalSeconds?: number;
  };
export type TextListParam = Common & {
  readonly type: 'texts';
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Each item is a word, a slash and how to say it: `omg/oh my god`. */
  readonly format?: 'term/replacement';
};
export type OneOfListParam = Common & {
  readonly type: 'one-of-list';
  readonly values: readonly string[];
  readonly default?: readonly string[];
};
export type ObjectParam = Common & {
  readonly type: 'object' | 'objects';
  readonly fields: readonly string[];
  readonly maxItems?: number;
  /** The words that a field takes. */
  readonly fieldValues?: Readonly<Record<string, readonly string[]>>;
  /** The field that is the address of a file. */
  readonly fileField?: { readonly name: string; readonly kind: MediaKind };
  /** Of the clip that the file field names. */
  readonly maxSeconds?: number;
  /** The field that is the id of an earlier result. */
  readonly idField?: { readonly name: string; readonly refersTo: Reference };
};

export type Param =
  | TextParam
  | OneOfParam
  | FlagParam
  | NumberParam
  | MediaParam
  | MediaListParam
  | TextListParam
  | OneOfListParam
  | ObjectParam;

/** Values that other parameters must have for a rule to apply; null means "not sent". */
export type When = Readonly<Record<string, string | number | boolean | null>>;

/** A rule over several parameters. Each kind has one checker in `constraints.ts`. */
// biome-ignore format: a list of words
export type ConstraintRule =
  | 'exactly-one-of' | 'at-least-one-of' | 'needs' | 'needs-any-of' | 'requires' | 'ignored' | 'forbidden'
  | 'overrides' | 'used-when' | 'optional-pair' | 'max-items' | 'max-total-items' | 'max-images' | 'max-duration'
  | 'min-span' | 'pixel-product' | 'aspect-range';
export type Constraint = {
  readonly rule: ConstraintRule;
  readonly when?: When;
  readonly whenPresent?: readonly string[];
  readonly param?: string;
  readonly params?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly minMs?: number;
  readonly maxSeconds?: number;
};

export type PriceUnit = 'call' | 'second' | 'image' | '1000-characters' | '5-seconds' | 'composite';
/** A published price. Money is integer micro-units of `currency` (1 CNY = 1 000 000). */
export type Pricing = {
  readonly currency: 'CNY';
  readonly unit: PriceUnit;
  /** The published figure is a starting price. */
  readonly from?: boolean;
  /** The day the price was read, `YYYY-MM-DD`. */
  readonly asOf: string;
} & (
  | { readonly kind: 'fixed'; readonly micros: number }
  | { readonly kind: 'by-params'; readonly dependsOn: readonly string[]; readonly rules: readonly PriceRule[] }
  | { readonly kind: 'parts'; readonly parts: readonly PricePart[] }
);
/** One part of a price that has several. Without a figure it is charged, but what it costs is not published. */
export type PricePart = {
  readonly unit: 'call' | 'reference-video-second';
  readonly micros?: number;
  readonly from?: boolean;
};
export type PriceRule = { readonly when: When; readonly micros: number };

/** One callable model: a row of the catalog. */
export type Endpoint = {
  /** The path below `/openapi/v2/`. */
  readonly id: string;
  /** The name under which people look for it. */
  readonly name: string;
  /** Other names that were printed for it. Neither is unique. */
  readonly altNames?: readonly string[];
  readonly family: string;
  readonly vendor: string;
  readonly task: Task;
  readonly output: Output;
  /** The hosted platform's own class of route; null where it has one only. */
  readonly channel: 'official-stable' | 'channel-low-price' | null;
  readonly status: 'active' | 'deprecated' | 'replaced';
  readonly replacedBy?: readonly string[];
  /** Paths it had before; they answer as this one. */
  readonly formerIds?: readonly string[];
  readonly about: Words;
  readonly params: Readonly<Record<string, Param>>;
  readonly constraints: readonly Constraint[];
  readonly pricing: Pricing | null;
  /** A worked request body that validates. Media are `https://example.com/...` addresses of the right kind. */
  readonly example: Readonly<Record<string, Json>>;
};

/** One thing wrong with a request. */
export type Problem = {
  /** The parameter, with the place in a list where that matters: `imageUrls[3]`. */
  readonly field: string;
  /** What is wrong and what is allowed, one English sentence. */
  readonly message: string;
};

/** What the bytes of a media file turned out to be. */
export type MediaFacts = {
  readonly kind: MediaKind;
  /** The usual file extension of the sniffed format, lower case, without dot: `jpg`, `png`, `mp4`, `wav`. */
  readonly format: string;
  readonly sizeBytes: number;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly durationMs?: number;
  readonly hasAudio?: boolean;
};

/** A validated request: exactly what was sent of the known parameters. Absent, null, '' and an empty list are the same:
 *  absent. */
export type Input = Readonly<Record<string, Json>>;

export type Validation =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What one call costs. */
export type Quote = {
  readonly micros: number;
  readonly currency: 'CNY';
  /** False: the unit count (seconds of an uploaded clip) is not known yet, and one unit was assumed; or the published
   *  figure is a starting price. */
  readonly exact: boolean;
  readonly text: Words;
};
