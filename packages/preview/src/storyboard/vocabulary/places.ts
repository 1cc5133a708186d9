import type { Ambience, Hour, Place, Style } from '../plan.ts';
import { table } from '../words.ts';

// A heavier row is the closer description: in "a city street" the street is painted, in "a room above the sea" the room.
export const PLACE_WORDS = table<Place>([
  [
    'mountains',
    20,
    'mountain|alp|alpine|peak|summit|cliff|canyon|himalaya|volcano|glacier|ridge|valley|fjord',
    '山|峰|峡谷|悬崖|雪岭|火山',
  ],
  ['hills', 25, 'country road|dirt road|country lane|mountain road', '乡间小路|山路'],
  ['hills', 18, 'hill|hillside|countryside|vineyard|rolling land|moor|highland|pasture', '丘|坡|乡间|乡村|牧场|梯田'],
  [
    'field',
    19,
    'field|meadow|grassland|prairie|savanna|savannah|farm|farmland|garden|park|lawn|steppe|grass',
    '田|草原|草地|花园|花海|公园|农场|麦',
  ],
  ['desert', 22, 'desert|dune|sahara|wasteland|mars|martian', '沙漠|沙丘|戈壁|荒漠|荒原|火星'],
  ['forest', 22, 'forest|wood|woodland|woods|jungle|rainforest|grove|bamboo|swamp', '森林|树林|丛林|竹林|雨林|林间'],
  ['sea', 18, 'sea|ocean|wave|seascape|harbor|harbour|shipwreck|iceberg|marina', '海|大洋|波浪|浪花|港口'],
  ['beach', 23, 'beach|shore|seaside|coast|coastline|tropical island|sand', '沙滩|海滩|海边|海岸|岸边'],
  ['lake', 21, 'lake|river|pond|lagoon|riverside|stream|waterfall|wetland', '湖|河|江|池塘|溪|瀑布'],
  [
    'skyline',
    18,
    'city|skyline|cityscape|metropolis|skyscraper|downtown|rooftop|megacity|tokyo|new york|shanghai|hong kong',
    '城市|都市|天际线|摩天|高楼|屋顶|东京|上海|香港|纽约',
  ],
  [
    'street',
    24,
    'street|alley|alleyway|avenue|boulevard|crosswalk|sidewalk|road|highway|chinatown|night market|bazaar|traffic',
    '街|巷|马路|公路|夜市|集市|路口|道路',
  ],
  [
    'village',
    21,
    'village|town|hamlet|cottage|old town|courtyard|temple|shrine|ruin|monastery',
    '村|小镇|古镇|院子|庭院|寺|庙|遗迹|废墟',
  ],
  [
    'interior',
    26,
    'room|bedroom|kitchen|interior|indoor|indoors|windowsill|window sill|living room|cafe|café|coffee shop|library|office|classroom|hall|hallway|corridor|restaurant|bar|hospital|museum|church|cathedral|apartment|fireplace|sofa|couch|bed|desk',
    '房间|卧室|厨房|室内|窗台|窗边|客厅|咖啡馆|图书馆|办公室|教室|走廊|餐厅|酒吧|教堂|书房|屋内|沙发|壁炉',
  ],
  ['interior', 6, 'window|table|house interior|home', '窗|桌|家中|家里'],
  [
    'workshop',
    30,
    'workshop|forge|smithy|foundry|atelier|factory|garage|laboratory|lab|warehouse|pottery|workbench|glassblower|glassblowing|blacksmith|potter|carpenter',
    '工坊|作坊|工厂|铁匠|车间|实验室|仓库|玻璃工|陶艺|木匠',
  ],
  [
    'studio',
    25,
    'studio|product shot|white background|black background|plain background|backdrop|podium|stage|theatre|theater|concert|packshot',
    '摄影棚|白色背景|黑色背景|纯色背景|舞台|产品|展台|演唱会',
  ],
  [
    'underwater',
    32,
    'underwater|under water|under the sea|undersea|deep sea|coral|reef|seabed|ocean floor|aquarium|scuba|diver|kelp',
    '水下|海底|深海|珊瑚|水族|潜水',
  ],
  [
    'space',
    30,
    'space|outer space|galaxy|nebula|cosmos|cosmic|orbit around|asteroid|spaceship|spacecraft|space station|milky way|universe|interstellar|black hole',
    '太空|宇宙|星系|星云|银河|星际|空间站|飞船|黑洞',
  ],
  ['sky', 12, 'sky|cloudscape|above the clouds|clouds|mid-air|airborne', '天空|云海|云端|空中|云层'],
  [
    'abstract',
    15,
    'abstract|geometric|pattern|fractal|surreal shape|psychedelic|kaleidoscope|ink in water|liquid|fluid|particle|gradient',
    '抽象|几何|图案|分形|流体|粒子|渐变',
  ],
]);

export const HOUR_WORDS = table<Hour>([
  ['dawn', 12, 'dawn|daybreak|sunrise|first light|early morning', '黎明|清晨|日出|破晓|拂晓|晨光|晨曦'],
  [
    'day',
    9,
    'noon|midday|daylight|daytime|afternoon|morning|sunny|blue sky|bright day|sunlight|sunlit|summer',
    '中午|正午|白天|晴|下午|早晨|上午|阳光|蓝天',
  ],
  [
    'golden',
    11,
    'golden hour|golden light|late afternoon|warm sunlight|low sun|autumn|harvest',
    '金色|午后|秋|暖阳|斜阳',
  ],
  ['sunset', 12, 'sunset|sundown|setting sun|evening sun', '日落|夕阳|落日|晚霞|黄昏'],
  ['dusk', 11, 'dusk|twilight|blue hour|evening|nightfall|gloaming', '傍晚|暮色|薄暮|蓝调'],
  [
    'night',
    12,
    'night|midnight|nighttime|moonlit|moonlight|starry|stars|nocturnal|after dark|neon|cyberpunk|noir|aurora|fireflies|northern lights',
    '夜|深夜|午夜|月光|星空|霓虹|赛博朋克|极光|萤火虫',
  ],
]);

export const STYLE_WORDS = table<Style>([
  [
    'noir',
    10,
    'noir|black and white|black-and-white|monochrome|b&w|grayscale|greyscale|silent film',
    '黑白|黑色电影|单色',
  ],
  [
    'ink',
    10,
    'ink[- ]wash|ink painting|sumi-e|ink style|calligraphy|woodblock|ukiyo-e|line art',
    '水墨|国画|浮世绘|书法',
  ],
  [
    'pastel',
    9,
    'pastel|dreamy|dreamlike|soft colors|soft colours|kawaii|watercolor|watercolour|ghibli|whimsical|storybook|fairy tale|fairytale',
    '粉彩|梦幻|柔和|水彩|童话|吉卜力|治愈',
  ],
  [
    'vivid',
    8,
    'vivid|vibrant|saturated|colorful|colourful|psychedelic|pop art|anime|cartoon|rainbow',
    '鲜艳|绚丽|缤纷|多彩|动漫|卡通|彩虹',
  ],
  [
    'vintage',
    8,
    'vintage|retro|sepia|16mm|8mm|super 8|old film|film stock|nostalgic|1920s|1950s|1970s|kodak',
    '复古|怀旧|老电影|胶片|年代',
  ],
  [
    'bleak',
    7,
    'bleak|desaturated|muted|gritty|apocalyptic|post-apocalyptic|dystopian|horror|gloomy|haunted',
    '灰暗|末日|阴郁|恐怖|压抑|废土',
  ],
]);

export const AMBIENCE_WORDS = table<Ambience>([
  ['thunder', 9, 'thunder|thunderstorm|lightning', '雷|闪电'],
  ['rain', 9, 'rain|rainy|raining|drizzle|downpour|raindrop', '雨'],
  ['sea', 8, 'sea|ocean|wave|beach|shore|coast', '海|浪'],
  ['river', 8, 'river|stream|waterfall|brook|creek|fountain', '河|溪|瀑布|流水'],
  ['underwater', 9, 'underwater|undersea|coral|reef|diver', '水下|海底|珊瑚|潜水'],
  ['crowd', 8, 'crowd|audience|market|festival|people|restaurant|stadium|applause', '人群|观众|市场|集市|节日|餐厅'],
  ['city', 7, 'city|street|traffic|downtown|urban|neon', '城市|街|都市|车流'],
  ['fire', 8, 'fire|campfire|fireplace|flame|burning|bonfire|forge|candle|furnace|ember|molten', '火|燃烧|壁炉|熔'],
  ['machine', 7, 'machine|factory|workshop|robot|gear|engine room|laboratory', '机器|工厂|作坊|工坊|齿轮'],
  [
    'engine',
    8,
    'car|train|motorcycle|motorbike|truck|plane|airplane|aircraft|helicopter|race',
    '汽车|火车|摩托|卡车|飞机|赛车',
  ],
  ['birds', 6, 'bird|birdsong|forest|garden|morning|meadow|countryside|park', '鸟|森林|花园|清晨|草地'],
  ['insects', 6, 'cricket|insect|firefly|fireflies|summer night|cicada', '虫|萤火|蝉|夏夜'],
  ['wind', 6, 'wind|windy|breeze|storm|mountain|desert|snow|blizzard|dune|cliff|sky', '风|山|沙漠|雪|天空'],
  ['space', 8, 'space|galaxy|cosmos|planet|nebula|astronaut|universe', '太空|宇宙|星球|宇航员'],
]);
