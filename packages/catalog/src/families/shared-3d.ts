/** Parameters of 3D models that mean the same in every family. What differs is given: limits, defaults. */
import { flag, image, integer, optional, say } from '../params.ts';
import type { MediaLimits, NumberParam } from '../types.ts';

export const solidImage = (limits: MediaLimits) =>
  image(
    say('The picture of the thing to model, best before a plain ground.', '要建模物体的图片，背景越简单越好。'),
    limits,
  );

type View = 'front' | 'back' | 'left' | 'right' | 'top' | 'bottom' | 'leftFront' | 'rightFront';
const VIEWS: Readonly<Record<View, ReturnType<typeof say>>> = {
  front: say('The thing from the front.', '物体正面图。'),
  back: say('The thing from behind.', '物体背面图。'),
  left: say('The thing from its left.', '物体左侧图。'),
  right: say('The thing from its right.', '物体右侧图。'),
  top: say('The thing from above.', '物体俯视图。'),
  bottom: say('The thing from below.', '物体仰视图。'),
  leftFront: say('The thing from the front left.', '物体左前方图。'),
  rightFront: say('The thing from the front right.', '物体右前方图。'),
};
export const view = (side: View, limits: MediaLimits) => image(VIEWS[side], limits);

type FaceLimits = Required<Pick<NumberParam, 'min' | 'max' | 'step' | 'default'>>;
export const faces = (limits: FaceLimits) =>
  optional(
    integer(
      say('Roughly how many faces the mesh has; more is finer and heavier.', '网格面数（约），越多越精细也越大。'),
      limits,
    ),
  );

export const pbr = flag(
  say('Whether the surface also gets maps of metal, roughness and relief.', '是否同时生成金属度、粗糙度与法线贴图。'),
  { default: false },
);
