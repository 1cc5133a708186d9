import type { Light, SubjectKind, Weather } from '../plan.ts';
import { table } from '../words.ts';

export const WEATHER_WORDS = table<Weather>([
  ['rain', 9, 'rain|rainy|raining|drizzle|downpour|raindrop|rain-soaked|rain-slicked|monsoon', '雨'],
  ['storm', 8, 'storm|stormy|thunder|lightning|tempest|hurricane|thunderstorm', '暴风|雷|闪电|风暴'],
  [
    'snow',
    9,
    'snowing|snowfall|snowflake|blizzard|snowstorm|snow(?![- ]?cap|[- ]?cover|[- ]?clad|[- ]mountain|[- ]peak)',
    '下雪|飘雪|雪花|大雪|飞雪|暴雪|雪(?![山峰岭原地])',
  ],
  ['fog', 8, 'fog|foggy|mist|misty|haze|hazy|steam|vapor|vapour', '雾|薄霭|蒸汽|氤氲'],
  ['cloud', 5, 'cloud|cloudy|overcast|cloudscape', '云|阴天'],
  ['sparks', 9, 'spark|ember|sparkler|firework|welding|cinder', '火花|火星四|余烬|烟花|焊'],
  [
    'fire',
    8,
    'fire|flame|campfire|bonfire|burning|blaze|inferno|torch|fireplace|lava',
    '火焰|燃烧|篝火|大火|火把|壁炉|熔岩',
  ],
  ['smoke', 7, 'smoke|smoky|smoking|incense', '烟雾|烟|香火'],
  ['dust', 6, 'dust|dusty|dust mote|sandstorm|pollen|floating particle', '尘|沙尘|浮尘'],
  ['bubbles', 8, 'bubble|underwater|champagne', '气泡|泡泡|水下|海底'],
  ['petals', 8, 'petal|cherry blossom|sakura|blossom|confetti', '花瓣|樱花|桃花|落花'],
  ['leaves', 7, 'falling leaf|falling leaves|autumn|fallen leaves|leaves', '落叶|秋叶|枫叶|秋'],
  ['stars', 8, 'star|starry|milky way|constellation|shooting star|meteor', '星空|繁星|银河|流星|星星'],
  ['fireflies', 9, 'firefly|fireflies|glowing particle|fairy light|glowing spore', '萤火虫|光点'],
  ['aurora', 9, 'aurora|northern lights|aurora borealis', '极光'],
]);

export const LIGHT_WORDS = table<Light>([
  ['neon', 9, 'neon|cyberpunk|hologram|holographic|synthwave|vaporwave', '霓虹|赛博朋克|全息'],
  [
    'candle',
    8,
    'candle|candlelight|candlelit|lantern|oil lamp|lamplight|lamplit|firelight|fireplace',
    '烛|灯笼|油灯|火光|壁炉',
  ],
  [
    'molten',
    9,
    'molten|lava|forge|furnace|glassblower|glassblowing|magma|molten glow|red-hot|blacksmith',
    '熔|岩浆|炉火|炽热|铁匠|玻璃工',
  ],
  ['moon', 7, 'moon|moonlit|moonlight', '月'],
  [
    'rays',
    7,
    'light ray|sun ray|sunbeam|god ray|volumetric|light shaft|shafts of light|sunlight|backlit|beam',
    '光束|光线|逆光|丁达尔|阳光',
  ],
  ['bokeh', 6, 'bokeh|shallow depth of field|macro|out of focus|fairy light|christmas', '虚化|浅景深|微距|圣诞'],
  ['flash', 6, 'lightning|explosion|strobe|flashing|paparazzi', '闪电|爆炸|闪光|频闪'],
]);

// A heavier row is the better subject: in "a cat on a windowsill with flowers" the cat.
export const SUBJECT_WORDS = table<SubjectKind>([
  ['hands', 9, '(?<!by )hand|finger|palm|fingertip', '双手|手指|手部|手掌'],
  ['face', 9, 'face|eye|portrait|smile|headshot|gaze|expression', '脸|眼睛|面部|肖像|眼神|微笑'],
  [
    'elder',
    10,
    'elderly|old man|old woman|grandmother|grandfather|grandma|grandpa|elder|aged',
    '老人|老者|爷爷|奶奶|老奶奶|老爷爷|老师傅|老太太',
  ],
  ['child', 10, 'child|children|kid|boy|girl|toddler|baby', '孩子|小孩|儿童|男孩|女孩|婴儿|宝宝'],
  ['dancer', 10, 'dancer|ballerina|dancing|dance|ballet', '舞者|跳舞|芭蕾|舞蹈'],
  ['runner', 10, 'runner|running|sprinter|athlete|jogger|jogging|sprint', '跑步|奔跑|运动员'],
  ['couple', 10, 'couple|lovers|two people|friends|bride|newlywed', '情侣|夫妻|两人|恋人|朋友'],
  ['crowd', 9, 'crowd|audience|people|pedestrian|soldiers|army|marching', '人群|观众|行人|士兵|军队'],
  ['robot', 10, 'robot|android|cyborg|mech|droid', '机器人|机甲|仿生人'],
  [
    'person',
    9,
    'person|man|woman|human|figure|guy|lady|gentleman|hero|heroine|warrior|knight|samurai|astronaut|wizard|witch|monk|king|queen|princess|prince|soldier|traveler|traveller|hiker|wanderer|explorer|chef|barista|artist|painter|musician|singer|scientist|doctor|detective|glassblower|blacksmith|craftsman|artisan|worker|fisherman|farmer|cyclist|surfer|model|student|teacher|pilot|sailor|cowboy|ninja|vampire|angel|diver|skier|character|protagonist',
    '(?<!机器|[老众行])人(?![群工])|男子|女子|女人|男人|少女|少年|美女|武士|侠|战士|骑士|宇航员|旅行者|厨师|画家|歌手|科学家|侦探|工匠|铁匠|渔夫|农夫|主角',
  ],
  ['cat', 12, 'cat|kitten|kitty|feline|tabby', '猫'],
  ['dog', 12, 'dog|puppy|corgi|retriever|husky|shiba|hound|poodle', '狗|犬|柯基|柴犬|哈士奇'],
  ['fox', 12, 'fox|wolf|wolves|coyote', '狐|狼'],
  ['horse', 12, 'horse|pony|stallion|mare|unicorn|mustang|zebra', '马匹|骏马|白马|奔马|马儿|骑马|独角兽|斑马'],
  ['deer', 12, 'deer|stag|elk|reindeer|antelope|moose|fawn', '鹿|羚羊'],
  ['bear', 12, 'bear|panda|grizzly', '熊'],
  ['elephant', 12, 'elephant|mammoth', '大象|象群|小象'],
  ['rabbit', 12, 'rabbit|bunny|hare', '兔'],
  ['birds', 11, 'birds|flock|seagulls|swallows|geese|crows|pigeons|gulls', '鸟群|海鸥|大雁|飞鸟|鸽子'],
  [
    'bird',
    11,
    'bird|eagle|owl|hawk|parrot|crane(?! up| down| shot| move)|swan|raven|crow|seagull|hummingbird|phoenix|falcon|sparrow',
    '鸟|鹰|猫头鹰|鹤|天鹅|乌鸦|凤凰|鹦鹉',
  ],
  ['butterfly', 11, 'butterfly|butterflies|moth|dragonfly', '蝴蝶|飞蛾|蜻蜓'],
  ['jellyfish', 12, 'jellyfish|medusa', '水母'],
  ['turtle', 12, 'turtle|tortoise', '龟'],
  ['whale', 12, 'whale|orca|dolphin|shark', '鲸|海豚|鲨'],
  ['fish', 11, 'fish|koi|goldfish|clownfish|school of fish', '鱼|锦鲤'],
  ['dragon', 12, 'dragon|wyvern', '龙'],
  [
    'car',
    10,
    'car|automobile|taxi|truck|sports car|vehicle|limousine|van|bus|suv|convertible',
    '汽车|轿车|跑车|出租车|卡车|公交|赛车',
  ],
  ['train', 10, 'train|tram|subway|locomotive|metro', '火车|列车|地铁|电车|高铁'],
  ['bicycle', 10, 'bicycle|bike|cyclist|motorcycle|motorbike|scooter', '自行车|单车|摩托'],
  ['boat', 10, 'boat|ship|sailboat|yacht|canoe|kayak|vessel|fishing boat|galleon|junk', '船|帆|舟|游艇|轮船'],
  ['plane', 10, 'plane|airplane|aeroplane|jet|aircraft|biplane|drone flying', '飞机|客机|战机'],
  ['balloon', 10, 'balloon|hot air balloon|hot-air balloon|airship', '热气球|气球|飞艇'],
  ['spaceship', 10, 'spaceship|spacecraft|rocket|starship|ufo|space station|satellite', '飞船|火箭|飞碟|空间站|卫星'],
  ['planet', 8, 'planet|saturn|jupiter|earth|mars|moon base|globe', '行星|土星|木星|地球|星球|火星'],
  ['moon', 5, 'moon|full moon|crescent', '月亮|满月|明月|圆月'],
  ['castle', 8, 'castle|fortress|palace|citadel|temple|pagoda|cathedral', '城堡|宫殿|要塞|寺庙|塔楼|宝塔|古寺'],
  ['tower', 7, 'tower|lighthouse|windmill|minaret|obelisk', '灯塔|高塔|铁塔|风车'],
  ['bridge', 7, 'bridge|viaduct', '桥'],
  ['house', 7, 'house|cabin|cottage|hut|barn|chalet|farmhouse|home', '房子|小屋|木屋|农舍|房屋'],
  ['tree', 6, 'tree|oak|willow|pine|palm tree|cherry tree|sakura|maple', '树|松|柳'],
  [
    'flowers',
    7,
    'flower|rose|sunflower|tulip|lotus|poppy|lavender|daisy|bouquet|orchid|blossom',
    '花|玫瑰|向日葵|郁金香|莲|荷|薰衣草',
  ],
  ['lantern', 7, 'lantern|candle|lamp|street lamp', '灯笼|蜡烛|台灯|路灯|孔明灯'],
  [
    'vase',
    8,
    'vase|pot|pottery|jar|urn|glass sculpture|molten glass|sculpture|statue|ceramic',
    '花瓶|陶器|瓷器|罐|雕像|雕塑|玻璃瓶',
  ],
  ['cup', 8, 'cup|mug|coffee|tea|latte|espresso|teapot|wine glass|cocktail|glass of', '咖啡|茶|杯'],
  ['bottle', 8, 'bottle|perfume|wine|whisky|whiskey|cosmetic|lipstick|serum', '香水|瓶子|酒瓶|化妆品|口红'],
  [
    'fruit',
    8,
    'fruit|apple|orange fruit|lemon|strawberry|berries|cherry tomatoes|food|cake|burger|pizza|sushi|noodle|ramen|bread|dessert',
    '水果|苹果|柠檬|草莓|食物|蛋糕|汉堡|面条|面包|美食',
  ],
  ['book', 8, '(?<!comic )book|letter|diary|manuscript|scroll|newspaper|map', '书|信|日记|卷轴|报纸|地图'],
  [
    'screen',
    8,
    'screen|laptop|computer|smartphone|phone|tablet|television|tv|monitor|watch',
    '屏幕|电脑|手机|平板|电视|手表',
  ],
  ['guitar', 9, 'guitar|violin|cello|lute|instrument', '吉他|小提琴|大提琴|琵琶|二胡'],
  ['piano', 9, 'piano|keyboard instrument|grand piano', '钢琴'],
  ['fire', 6, 'campfire|bonfire|fire|flame|torch', '篝火|火堆|火焰'],
  ['umbrella', 8, 'umbrella|parasol', '伞'],
]);

/** A person who has been named before, or never. */
export const PRONOUN = /\b(?:he|she|him|her|his|hers|they|someone|somebody)\b|他|她|有人/iu;
export const SNOWY =
  /\b(?:snow|snowy|snow-\w+|winter|wintry|frozen|icy|ice|glacier|arctic|antarctic|blizzard|himalaya)\b|雪|冬|冰/iu;
export const WET = /\b(?:rain|rainy|raining|wet|puddles?|rain-\w+|downpour|drizzle|flooded|slick)\b|雨|湿|积水/iu;
export const MANY =
  /\b(?:many|several|group of|herd|flock|pack of|dozens|hundreds|thousands|swarm|rows of|fleet|school of|three|four|five|cluster)\b|群|许多|几只|无数|成片|一排/iu;
export const PAIR = /\b(?:two|pair of|couple of|both|twin)\b|两|一对|双/iu;
