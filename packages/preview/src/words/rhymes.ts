/** Lines that end on the same sound; `{x}` is what the song is about. */
type Rhyme = readonly string[];

export const ENGLISH_RHYMES: readonly Rhyme[] = [
  [
    'A window somewhere keeps a light',
    'I walked until the sky was bright',
    'I found {x} in my dreams last night',
    'The harbour fades out of my sight',
    'Two paper planes began their flight',
    'I hold the map a little tight',
  ],
  [
    'The kettle sings the cold away',
    'I had so many words to say',
    'It takes {x} to colour in the day',
    'The swallows know another way',
    'A radio begins to play',
    'If you would only ask me, I would stay',
  ],
  [
    'We are the song the morning knows',
    'I see {x} wherever the river goes',
    'I follow anywhere it flows',
    'A field of gold, a field of rose',
    'Nobody ever really knows',
    'So let it in before the evenings close',
  ],
  [
    'I kept a seat for you in spring',
    'A thousand little bells can ring',
    'For {x} I have a song to sing',
    'The night has put away its sting',
    'A swing that carries everything',
    'I have a button and a string',
  ],
  [
    'The train is late, the station small',
    'I read your name along the wall',
    'I keep {x} with me through the fall',
    'I heard the evening blackbird call',
    'We had so little, had it all',
    'The rain is standing in the hall',
  ],
];

/** By the finals -ang, -an, -i, -ü and -eng. */
export const CHINESE_RHYMES: readonly Rhyme[] = [
  [
    '路灯把影子拉得很长',
    '风从海边吹来花的香',
    '我把{x}写在信纸上',
    '窗外的星星还在发亮',
    '我们曾经走过的地方',
    '天亮以前先唱一唱',
  ],
  [
    '火车慢慢驶过那座山',
    '河水绕了一弯又一弯',
    '想起{x}我就不孤单',
    '茶凉了再添一小碗',
    '日子像一张没写完的信笺',
    '回头看灯火还没有散',
  ],
  [
    '心里藏着一个小秘密',
    '雨停在黄昏的缝隙里',
    '让{x}一直陪着你',
    '所有故事都从头说起',
    '风筝飞过了旧屋脊',
    '我在原地等一个消息',
  ],
  [
    '沿着月光一直走下去',
    '谁在远处哼着那一曲',
    '因为{x}我们才相遇',
    '石板路上落着细细的雨',
    '有些话不必再说一句',
    '把昨天轻轻放进书里去',
  ],
  [
    '听见屋檐下的风声',
    '一步一步走到天明',
    '有{x}的夜晚多安静',
    '愿你有一盏长明的灯',
    '山那边还有一颗星',
    '醒来又是新的一程',
  ],
];
