import type { Framing, Move } from '../plan.ts';
import { table } from '../words.ts';

const camera =
  '(?:the |a )?(?:camera|shot|view|lens|frame)(?: then| slowly| gently| smoothly| quickly| gradually| steadily)*';

export const MOVE_WORDS = table<Move>([
  [
    'crane-up',
    12,
    'crane up|cranes up|craning up|crane shot|jib up|boom up|rises up|rising shot|pedestal up|ascends|ascending|drone rises|lifts up|crane|camera rises|camera lifts',
    '摇臂上升|升起|镜头上升|上升镜头|拉升|升镜头|升降',
  ],
  [
    'crane-down',
    13,
    'crane down|cranes down|craning down|jib down|boom down|pedestal down|descends|descending|camera lowers|camera sinks',
    '镜头下降|下降镜头|降下|降镜头|俯冲',
  ],
  [
    'orbit-left',
    12,
    'orbit|orbits|orbiting|arc|arcs|arcing|arc shot|circles around|circling|rotates around|revolves around|360|bullet time',
    '环绕|围绕|绕着|旋转镜头|弧形',
  ],
  ['orbit-right', 13, 'orbits? right|orbits? clockwise|arc right|arcs right', '顺时针环绕|向右环绕'],
  [
    'track-forward',
    9,
    'fly-through|fly through|flies through|flying through|fpv|moves forward|moving forward|glides forward|forward tracking|walks through|drives through|travels through|glides through',
    '穿过|穿梭|前行|向前移动|第一人称',
  ],
  [
    'push-in',
    11,
    `push in|push-in|pushes in|pushing in|pushes forward|pushes closer|pushes towards?|dolly in|dolly-in|dollies in|dollying in|moves in|moves closer|moving closer|creeps in|closes in|approaches|${camera} (?:pushes|dollies|closes|creeps)`,
    '推进|推近|推镜|靠近|拉近|推向|前推',
  ],
  [
    'pull-out',
    11,
    'pull out|pull-out|pulls out|pulls? back|pull-back|pulling back|pulling out|dolly out|dolly-out|dollies out|dolly back|moves back|moves away|backs away|retreats|pulls away|revealing',
    '拉远|拉出|后拉|拉镜|后退|远离',
  ],
  ['zoom-in', 11, 'zoom in|zoom-in|zooms in|zooming in|crash zoom|zoom|zooms|zooming', '变焦推|放大|缩放|变焦'],
  ['zoom-out', 12, 'zoom out|zoom-out|zooms out|zooming out', '变焦拉|缩小'],
  [
    'pan-left',
    12,
    'pan left|pans left|panning left|pan to the left|pans to the left|pans? from right',
    '左摇|向左摇|向左平移|左移',
  ],
  [
    'pan-right',
    11,
    'pan|pans|panning|pan right|panoramic shot|sweeps across|sweeping|whip pan',
    '摇镜|横摇|平移|右摇|向右|扫过|横移',
  ],
  ['tilt-down', 12, 'tilt down|tilts down|tilting down|looks down|looking down', '下摇|向下摇|俯视'],
  ['tilt-up', 11, 'tilt|tilts|tilting|tilt up|tilts up|looks up|looking up at', '上摇|向上摇|仰视|仰拍|仰望'],
  ['track-left', 12, 'tracks? left|tracking left|trucks? left|slides? left|dolly left', '向左跟|向左移'],
  [
    'track-right',
    10,
    'tracking|tracking shot|track|tracks|truck right|trucking|side tracking|follow shot|following shot|follows|following|dolly shot|dolly|dollies|steadicam|gimbal|slider|slides? right|parallax',
    '跟拍|跟随|跟踪|移动镜头|滑动|轨道',
  ],
  [
    'static',
    12,
    'static shot|static camera|locked off|locked-off|fixed camera|fixed shot|tripod|still camera|stationary camera|camera (?:stays|remains|is) (?:still|static|fixed)|static',
    '固定镜头|固定机位|静止镜头|镜头固定|镜头不动|定格',
  ],
]);

export const FRAMING_WORDS = table<Framing>([
  [
    'close',
    11,
    'close up|close-up|closeup|extreme close-up|macro|tight shot|detail shot|insert shot|ecu|headshot|portrait',
    '特写|近景|微距|大特写|近距离',
  ],
  [
    'wide',
    10,
    "wide|wide shot|wide-angle|establishing|establishing shot|aerial|drone|panorama|panoramic|vista|long shot|bird's-eye|overhead|full shot|extreme wide",
    '全景|远景|大全景|航拍|鸟瞰|俯瞰|广角',
  ],
  [
    'medium',
    10,
    'medium shot|mid shot|medium close-up|waist-up|cowboy shot|over-the-shoulder',
    '中景|中近景|半身|过肩',
  ],
]);

export const PACE_WORDS = table<number>([
  [
    0.6,
    10,
    'slow|slowly|gentle|gently|gradual|gradually|subtle|subtly|smoothly|calmly|languid|slight|slightly|leisurely',
    '缓慢|慢慢|缓缓|徐徐|轻轻|慢',
  ],
  [
    1.5,
    9,
    'fast|quick|quickly|rapid|rapidly|dynamic|whip|crash|swift|swiftly|rushing|high-speed|speeding',
    '快速|迅速|急速|飞快|高速|猛',
  ],
]);

export const SHAKE_WORDS = table<number>([
  [
    0.5,
    9,
    'handheld|hand-held|hand held|documentary style|documentary|vlog|body cam|bodycam|found footage',
    '手持|纪录片|跟拍视角',
  ],
  [0.85, 10, 'shaky|shaking|jittery|shaky cam|earthquake|chaotic', '晃动|抖动|摇晃'],
]);

/** Words of direction and praise that say nothing about what is seen. */
export const DIRECTION_WORDS = table<true>([
  [
    true,
    1,
    'the|a|an|and|then|with|as|in|on|of|to|at|its|his|her|their|is|are|it|we|while|shot|camera|scene|frame|view|lens|style|cinematic|cinematography|photorealistic|realistic|hyperrealistic|ultra|high|quality|detailed|detail|4k|8k|hd|uhd|resolution|masterpiece|lighting|light|depth|field|film|look|aesthetic|mood|atmosphere|dramatic|beautiful|movement|motion|smooth|steady|single|continuous|take|aspect|ratio|mm|fps|35mm|50mm|85mm|anamorphic|unreal engine|octane|render|up|down|left|right|forward|back|towards?|through',
    '镜头|画面|电影感|电影|质感|高清|超清|写实|逼真|风格|光影|细节|构图|画质|大师|氛围|运镜|的|地|着|了|和|在',
  ],
]);
